// The servers that pages are looked at on: the demonstration, and one as an operator sets it up, where
// people sign in with a real OpenID provider.
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const CAMKET = process.env.CAMKET ?? new URL('../../target/debug/camket', import.meta.url).pathname

const freePort = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

/** Runs the server until it is told to stop; `isUp` is asked with what it has printed. */
async function running(args, isUp) {
  const child = spawn(CAMKET, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (bytes) => (said += bytes))
  child.stderr.on('data', (bytes) => (said += bytes))
  const gone = new Promise((_, fail) => {
    child.on('error', fail)
    child.on('exit', (code) => fail(new Error(`camket ${args[0]} ended with ${code}: ${said.slice(-2000)}`)))
  })
  gone.catch(() => undefined)
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  const up = async () => {
    while (!isOver() && !(await isUp(said))) await new Promise((done) => setTimeout(done, 100))
  }
  await Promise.race([up(), gone])
  return {
    said,
    async stop() {
      if (isOver()) return
      child.kill()
      await new Promise((done) => child.on('exit', done))
    },
  }
}

const isReady = async (api) => (await fetch(`${api}/readyz`).catch(() => null))?.ok ?? false

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
export async function demonstration() {
  const data = await mkdtemp(join(tmpdir(), 'camket-console-'))
  const port = await freePort()
  const api = `http://127.0.0.1:${port}`
  const isUp = async (said) => (await isReady(api)) && readPeople(said).size > 0
  const camket = await running(['dev', '--port', String(port), '--data', join(data, 'db')], isUp)
  return {
    api,
    people: readPeople(camket.said),
    /** The one link that is printed. */
    link: /http:\/\/\S+(\/console\/sign-in#\S+)/.exec(camket.said)?.[1],
    async stop() {
      await camket.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** A real OpenID provider, on another site than the console. */
async function provider(back) {
  const child = spawn(process.execPath, ['server.mjs', back], {
    cwd: new URL('../oidc/', import.meta.url),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    // It ends with its input, and does not hold up a test that fails before it is stopped.
    for (const held of [child, child.stdin, child.stdout]) held.unref()
    return { ...JSON.parse(line), stop: () => child.kill() }
  }
  throw new Error('the provider does not start')
}

/** `camket serve` with the registry of the pilot, a manager of one commune, and a provider to sign in with. */
export async function production() {
  const data = await mkdtemp(join(tmpdir(), 'camket-production-'))
  const port = await freePort()
  const api = `http://127.0.0.1:${port}`
  const { issuer, audience, console: client, secret, stop } = await provider(`${api}/console/sign-in/return`)
  const config = join(data, 'camket.toml')
  await writeFile(
    config,
    `[database]
url = "sqlite://${join(data, 'camket.db')}"
[http]
listen = "127.0.0.1:${port}"
hosts = ["127.0.0.1:${port}"]
[[oidc.issuers]]
issuer = "${issuer}"
audiences = ["${audience}"]
name = "Cổng đăng nhập"
client_id = "${client}"
client_secret = "${secret}"
`,
  )
  const run = async (...args) => (await promisify(execFile)(CAMKET, ['--config', config, ...args])).stdout
  await run('migrate')
  await run('import', 'registry', new URL('../../api/registry/pilot', import.meta.url).pathname)
  const token = (await run('token', 'issue', '--party', 'UBND-02014-2025', '--role', 'MANAGER')).trim()
  const camket = await running(['--config', config, 'serve'], () => isReady(api))
  return {
    api,
    people: new Map([['manager', { token, code: null }]]),
    async stop() {
      await camket.stop()
      stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}
