// One server with its console, and one browser whose network ends at this machine. Whatever a
// page asks of another host, whatever its policy refuses and whatever it logs as an error fails the test.
import { chromium } from 'playwright-core'
import { between } from './network.mjs'
import { demonstration } from './servers.mjs'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** What a page of the console sends with all that it asks. */
export const OURS = { 'x-requested-with': 'camket-console', 'content-type': 'application/json' }
const COOKIE = 'camket-session'

/** `begin` starts the server, and `stand` what lies between it and the pages. */
export async function world(begin = demonstration, stand = between) {
  const camket = await begin()
  const server = await stand(camket.api)
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
  })
  const visitors = []
  // What those met who have left, and nobody asked for.
  const left = []

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
    context.setDefaultTimeout(60_000)
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
      // What a text costs is asked while it is half written, and refused; when, the machine decides.
      if (message.location().url.endsWith('/console/cost') && /status of 400/.test(message.text())) return
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
    /** Until a subscription is with the server, and the moment in which it finds its place in the log. */
    async subscribed() {
      const told = async () => (await fetch(`${camket.api}/metrics`)).text()
      const end = performance.now() + 60_000
      while (!/^camket_subscriptions\{transport="websocket"\} [1-9]/m.test(await told())) {
        if (performance.now() > end) throw new Error('no subscription comes')
        await new Promise((done) => setTimeout(done, 50))
      }
      await new Promise((done) => setTimeout(done, 1500))
    },
    /** Everybody leaves: pages that stand open slow down those of the tests that follow. */
    leave() {
      left.push(...this.faults())
      return Promise.all(visitors.splice(0).map((one) => one.close()))
    },
    /** Every fault that any visitor of this world met since it was asked last. */
    faults: () => [...left.splice(0), ...visitors.flatMap((one) => one.faults.splice(0))],
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
