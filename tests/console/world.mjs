// One demonstration, one stand-in before it, one browser whose network ends at this machine. Whatever
// a page asks of another host, whatever its policy refuses and whatever it logs as an error fails the test.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { readPersonas, start } from './stand-in.mjs'

const here = new URL('.', import.meta.url).pathname
export const PAGES = process.env.CONSOLE_PAGES ?? join(here, '../../api/console/web/dist')
const CAMKET = process.env.CAMKET ?? join(here, '../../target/debug/camket')
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

const freePort = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

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
      if (answer?.ok && readPersonas(said).length) return
      await new Promise((done) => setTimeout(done, 100))
    }
  }
  await Promise.race([up(), gone])
  return {
    api,
    personas: readPersonas(said),
    async stop() {
      child.kill()
      await new Promise((done) => child.on('exit', done))
      await rm(data, { recursive: true, force: true })
    },
  }
}

export async function world() {
  const camket = await demonstration()
  const server = await start({ pages: PAGES, api: camket.api, personas: camket.personas })
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
    context.on('weberror', (error) => fault(`page: ${error.error().stack ?? error.error()}`))
    if (as) {
      const answer = await context.request.post(`${server.url}/console/session/dev`, {
        headers: { 'x-requested-with': 'camket-console' },
        data: { persona: as },
      })
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
      close: () => context.close(),
    }
    visitors.push(made)
    return made
  }

  return {
    server,
    visitor,
    ask: server.ask,
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
