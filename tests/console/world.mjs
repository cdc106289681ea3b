// One demonstration with its console, and one browser whose network ends at this machine. Whatever a
// page asks of another host, whatever its policy refuses and whatever it logs as an error fails the test.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { between } from './network.mjs'

const CAMKET = process.env.CAMKET ?? new URL('../../target/debug/camket', import.meta.url).pathname
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** What a page of the console sends with all that it asks. */
export const OURS = { 'x-requested-with': 'camket-console', 'content-type': 'application/json' }
const COOKIE = 'camket-session'

const freePort = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

/** The people of `camket dev`, as it prints them: each by the first of their parties. */
function readPeople(said) {
  const people = new Map()
  for (const line of said.split('\n')) {
    const parts = /^(\S+)\s+(MANAGER|REPORTER|VIEWER|-)\s+(\S+)\s+(ckp_\S+)\s/.exec(line)
    if (!parts) continue
    const [, subject, , code, token] = parts
    if (!people.has(subject)) people.set(subject, { token, code: code === '-' ? null : code })
  }
  return people
}

/** `camket dev` on data of its own, and what it prints. */
async function demonstration() {
  const data = await mkdtemp(join(tmpdir(), 'camket-console-'))
  const port = await freePort()
  const child = spawn(CAMKET, ['dev', '--port', String(port), '--data', join(data, 'db')], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (bytes) => (said += bytes))
  child.stderr.on('data', (bytes) => (said += bytes))
  const gone = new Promise((_, fail) => {
    child.on('error', fail)
    child.on('exit', (code) => fail(new Error(`camket dev ended with ${code}: ${said.slice(-2000)}`)))
  })
  gone.catch(() => undefined)
  const api = `http://127.0.0.1:${port}`
  const up = async () => {
    for (;;) {
      const answer = await fetch(`${api}/readyz`).catch(() => null)
      if (answer?.ok && readPeople(said).size) return
      await new Promise((done) => setTimeout(done, 100))
    }
  }
  await Promise.race([up(), gone])
  return {
    api,
    people: readPeople(said),
    /** The one link that is printed. */
    link: /http:\/\/\S+(\/console\/sign-in#\S+)/.exec(said)?.[1],
    async stop() {
      child.kill()
      await new Promise((done) => child.on('exit', done))
      await rm(data, { recursive: true, force: true })
    },
  }
}

export async function world() {
  const camket = await demonstration()
  const server = await between(camket.api)
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  })
  const visitors = []

  /** A browser of its own. `as` signs in by the way of personas. */
  async function visitor(as, options = {}) {
    const { phone, dark, english, ...rest } = options
    const context = await browser.newContext({
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
      hasTouch: Boolean(phone),
      ...rest,
    })
    const faults = []
    const requests = []
    // What a test provokes on purpose is said by the test.
    const allowed = []
    const fault = (text) => {
      if (!allowed.some((pattern) => pattern.test(text))) faults.push(text)
    }
    context.on('request', (request) => {
      const url = new URL(request.url())
      requests.push(request)
      if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== server.url) fault(`a request to ${url.href}`)
    })
    await context.addInitScript((preferEnglish) => {
      if (preferEnglish && location.protocol === 'http:') localStorage.setItem('camket.language', 'en')
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      )
    }, Boolean(english))
    context.on('console', (message) => {
      if (message.type() === 'error' || /Refused to|Content Security Policy/.test(message.text())) fault(`console: ${message.text()}`)
    })
    context.on('dialog', (dialog) => {
      fault(`a script asks: ${dialog.message()}`)
      void dialog.dismiss()
    })
    context.on('weberror', (error) => fault(`page: ${error.error().stack ?? error.error()}`))
    if (as) {
      const answer = await context.request.post(`${server.url}/console/session/dev`, { headers: OURS, data: { persona: as } })
      if (!answer.ok()) throw new Error(`no session for ${as}: ${answer.status()}`)
    }
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    const made = {
      context,
      page,
      requests,
      faults,
      allow: (pattern) => allowed.push(pattern),
      open: async (path) => {
        await page.goto(server.url + path)
        await page.locator('main h1, main h2').first().waitFor()
      },
      cookie: async () => (await context.cookies()).find((one) => one.name === COOKIE)?.value,
      /** Its session ends while its pages stand open, as if it were signed out elsewhere. */
      expire: async () => {
        const cookie = `${COOKIE}=${await made.cookie()}`
        const answer = await fetch(`${camket.api}/console/session/end`, { method: 'POST', headers: { ...OURS, cookie }, body: '{}' })
        if (!answer.ok) throw new Error(`the session does not end: ${answer.status}`)
      },
      close: () => context.close(),
    }
    visitors.push(made)
    return made
  }

  return {
    server,
    /** Where the server itself is. */
    api: camket.api,
    link: camket.link,
    browser,
    visitor,
    async ask(subject, query, variables = {}) {
      const { token, code } = camket.people.get(subject)
      const response = await fetch(`${camket.api}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...(code ? { 'camket-party': code } : {}) },
        body: JSON.stringify({ query, variables }),
      })
      return response.json()
    },
    /** The payload of one mutation that must not be refused. */
    async act(subject, mutation, selection, input) {
      const type = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input`
      const answer = await this.ask(subject, `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} userErrors { code message path } } }`, { input })
      const payload = answer.data?.[mutation]
      if (!payload || payload.userErrors.length) throw new Error(`${mutation} by ${subject}: ${JSON.stringify(answer)}`)
      return payload
    },
    /** Every fault that any visitor of this world met since it was asked last. */
    faults: () => visitors.flatMap((one) => one.faults.splice(0)),
    async stop() {
      await browser.close()
      await server.stop()
      await camket.stop()
    },
  }
}

/** The operations that a visitor has sent to the graph. */
export function operations(visitor) {
  return visitor.requests
    .filter((request) => request.method() === 'POST' && request.url().endsWith('/console/graphql'))
    .map((request) => /(query|mutation|subscription)\s+(\w+)/.exec(JSON.parse(request.postData() ?? '{}').query ?? '')?.[2] ?? '')
}

/** Publishes a subgraph as its party does, and approves it as the coordinator does. */
export async function publish(here, { sdl, url, approve = true }) {
  const { data } = await here.ask('coordinator', '{ party(by: { code: "VT-MAU-1" }) { id } }')
  const selection = 'subgraph { id version } check { problems { code message } }'
  const input = { partyId: data.party.id, url, sdl, expectedVersion: 0 }
  const { subgraph } = await patiently(() => here.act('telecom-1', 'publishSubgraph', selection, { ...input, idempotencyKey: crypto.randomUUID() }))
  const decision = { id: subgraph.id, expectedVersion: subgraph.version, decision: 'APPROVE' }
  if (approve) await patiently(() => here.act('coordinator', 'approveSubgraph', 'subgraph { id } check { problems { code } }', decision))
  return subgraph
}

/** Composing has a time limit, which a program that was not built for speed may miss on a busy machine. */
async function patiently(act, tries = 5) {
  for (;;) {
    try {
      return await act()
    } catch (refused) {
      tries -= 1
      if (!tries || !/COMPOSER_GAVE_UP/.test(refused.message)) throw refused
    }
  }
}
