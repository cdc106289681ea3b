// Stands in for the console's back end in front of `camket dev`: serves the built pages with the
// headers that the server has to send, keeps a session per cookie from the persona tokens that
// `camket dev` prints, and passes /console/graphql on with the bearer. For the tests of the pages, and
// to develop them: `node stand-in.mjs --pages DIR --api http://127.0.0.1:4711 --personas LOG`.
import { randomBytes, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { join, normalize } from 'node:path'
import { pathToFileURL } from 'node:url'

export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  json: 'application/json',
}

/** The people of `camket dev`, as it prints them. */
export function readPersonas(log) {
  const people = []
  for (const line of log.split('\n')) {
    const parts = /^(\S+)\s+(MANAGER|REPORTER|VIEWER|-)\s+(\S+)\s+(ckp_\S+)\s+(.+)$/.exec(line)
    if (!parts) continue
    const [, subject, role, code, token, party] = parts
    people.push({ subject, role: role === '-' ? null : role, code: code === '-' ? null : code, token, party: role === '-' ? null : party })
  }
  return people
}

export async function start({ pages, api, personas, port = 0, sessionMinutes = 480 }) {
  const target = new URL(api)
  const sessions = new Map()
  const links = new Map()
  const log = { requests: [], viewed: [] }
  // How the network between page and server behaves, for tests: `lose` drops answers that were made.
  const network = { lose: false, delay: 0 }

  async function ask(person, query, variables = {}, party = person.code) {
    const response = await fetch(new URL('/graphql', target), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${person.token}`,
        ...(person.several && party ? { 'camket-party': party } : {}),
      },
      body: JSON.stringify({ query, variables }),
    })
    return response.json()
  }

  for (const person of personas) person.several = personas.filter((other) => other.subject === person.subject).length > 1

  /** Every party by its id, for the switch and for viewing as it. */
  const known = new Map()
  const anybody = personas[0]
  for (let after = null, more = true; more; ) {
    const answer = await ask(
      anybody,
      'query ($after: String) { parties(first: 100, after: $after) { nodes { id code name } pageInfo { hasNextPage endCursor } } }',
      { after },
    )
    for (const party of answer.data.parties.nodes) known.set(party.id, party)
    after = answer.data.parties.pageInfo.endCursor
    more = answer.data.parties.pageInfo.hasNextPage
  }
  const partyOf = (code) => [...known.values()].find((party) => party.code === code) ?? null

  function begin(person) {
    const id = randomBytes(24).toString('base64url')
    sessions.set(id, { person, expires: Date.now() + sessionMinutes * 60_000, viewAs: null })
    return id
  }

  function current(request) {
    const id = /(?:^|;\s*)camket-session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
    const session = id ? sessions.get(id) : undefined
    if (!session || session.expires < Date.now()) return null
    if (session.viewAs && Date.parse(session.viewAs.until) < Date.now()) session.viewAs = null
    return { id, ...session, live: session }
  }

  async function describe(session) {
    const dev = {
      dev: true,
      personas: personas.map(({ subject, party, role }) => ({ subject, label: subject, party, role })),
      providers: [],
    }
    if (!session) return { signedIn: false, label: null, party: null, parties: [], expiresAt: null, viewAs: null, ...dev }
    const { person, live } = session
    const answer = await ask(person, '{ viewer { isCoordinator } }')
    const own = personas
      .filter((other) => other.subject === person.subject && other.code)
      .map((other) => ({ ...partyOf(other.code), role: other.role }))
    const party = own.find((one) => one.code === person.code) ?? null
    return {
      signedIn: true,
      label: person.subject,
      party: party && { ...party, isCoordinator: answer.data?.viewer?.isCoordinator ?? false },
      parties: own,
      expiresAt: new Date(live.expires).toISOString(),
      viewAs: live.viewAs,
      ...dev,
    }
  }

  const server = http.createServer((request, response) => {
    handle(request, response).catch((error) => {
      response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(String(error))
    })
  })

  function problem(response, status, code, detail, headers = {}) {
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers })
    response.end(JSON.stringify({ status, code, detail }))
  }

  function json(response, value, headers = {}) {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
    response.end(JSON.stringify(value))
  }

  async function body(request) {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  async function handle(request, response) {
    const url = new URL(request.url, 'http://stand.in')
    log.requests.push(`${request.method} ${url.pathname}`)
    if (network.delay) await new Promise((done) => setTimeout(done, network.delay))
    if (request.method === 'POST') {
      const own = request.headers['x-requested-with'] === 'camket-console'
      if (!own || !/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
        return problem(response, 403, 'FORBIDDEN', 'not a request of this console')
      }
    }
    const session = current(request)
    if (url.pathname === '/console/session') return json(response, await describe(session))
    if (url.pathname.startsWith('/console/session/') || url.pathname.startsWith('/console/view-as')) {
      return act(url.pathname, JSON.parse((await body(request)).toString() || '{}'), session, response)
    }
    if (url.pathname === '/console/graphql') return pass(request, response, session)
    if (url.pathname === '/console/cost') return cost(request, response, session)
    return file(url.pathname, request, response)
  }

  function act(path, input, session, response) {
    if (path === '/console/session/dev') {
      let person
      if (input.link) {
        person = links.get(input.link)
        links.delete(input.link)
        if (!person) return problem(response, 401, 'UNAUTHENTICATED', 'Liên kết này đã dùng hoặc đã hết hạn.')
      } else {
        person = personas.find((one) => one.subject === input.persona)
        if (!person) return problem(response, 404, 'NOT_FOUND', 'Không có người này.')
      }
      const id = begin(person)
      return json(response, {}, { 'set-cookie': `camket-session=${id}; Path=/; HttpOnly; SameSite=Strict` })
    }
    if (!session) return problem(response, 401, 'UNAUTHENTICATED', 'Phiên làm việc đã hết.')
    if (path === '/console/session/end') {
      sessions.delete(session.id)
      return json(response, {}, { 'set-cookie': 'camket-session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0' })
    }
    if (path === '/console/session/party') {
      const code = known.get(input.party)?.code
      const person = personas.find((one) => one.subject === session.person.subject && one.code === code)
      if (!person) return problem(response, 403, 'FORBIDDEN', 'Bạn không thuộc đơn vị này.')
      session.live.person = person
      return json(response, {})
    }
    if (path === '/console/view-as') {
      const party = known.get(input.party)
      if (!party || !input.reason) return problem(response, 422, 'BAD_USER_INPUT', 'Cần đơn vị và lý do.')
      session.live.viewAs = { party, reason: input.reason, until: new Date(Date.now() + 30 * 60_000).toISOString() }
      log.viewed.push({ by: session.person.code, party: party.code, reason: input.reason })
      return json(response, {})
    }
    if (path === '/console/view-as/end') {
      session.live.viewAs = null
      return json(response, {})
    }
    return problem(response, 404, 'NOT_FOUND', 'no such endpoint')
  }

  /** As whom the graph is asked: the person, or somebody of the party that is viewed. */
  function bearer(session) {
    const viewed = session.viewAs && personas.find((one) => one.code === session.viewAs.party.code)
    const person = viewed || session.person
    return {
      authorization: `Bearer ${person.token}`,
      ...(person.several && person.code ? { 'camket-party': person.code } : {}),
    }
  }

  async function pass(request, response, session) {
    if (!session) return problem(response, 401, 'UNAUTHENTICATED', 'Phiên làm việc đã hết.')
    const sent = await body(request)
    if (session.viewAs && /^\s*mutation\b/m.test(JSON.parse(sent).query ?? '')) {
      return problem(response, 403, 'FORBIDDEN', 'Đang xem với tư cách đơn vị khác: không làm thay được.')
    }
    const answer = await fetch(new URL('/graphql', target), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: request.headers.accept ?? '*/*',
        'accept-language': request.headers['accept-language'] ?? 'vi',
        ...bearer(session),
      },
      body: sent,
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (network.lose) {
      // The server has done it; the answer never arrives.
      response.destroy()
      return
    }
    const headers = { 'content-type': answer.headers.get('content-type') ?? 'application/json', 'cache-control': 'no-store' }
    const wait = answer.headers.get('retry-after')
    response.writeHead(answer.status, wait ? { ...headers, 'retry-after': wait } : headers)
    response.end(bytes)
  }

  /** The server's own estimate. It gives one with every answer, so a query is asked and its answer thrown away. */
  async function cost(request, response, session) {
    if (!session) return problem(response, 401, 'UNAUTHENTICATED', 'Phiên làm việc đã hết.')
    const sent = await body(request)
    if (/^\s*mutation\b/m.test(JSON.parse(sent).query ?? '')) {
      response.writeHead(204)
      return response.end()
    }
    const answer = await fetch(new URL('/graphql', target), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(session) },
      body: sent,
    })
    const { extensions, errors } = await answer.json()
    const refused = errors?.[0]?.extensions
    if (refused?.code === 'COST_LIMIT') return json(response, { requested: refused.limit.figure, maximum: 20000, available: 200000 })
    if (!extensions?.cost) return problem(response, 400, refused?.code ?? 'BAD_USER_INPUT', errors?.[0]?.message ?? '')
    json(response, { ...extensions.cost, maximum: 20000 })
  }

  async function file(path, request, response) {
    const page = path === '/work' || path === '/console' || (path.startsWith('/console/') && !path.startsWith('/console/assets/') && path !== '/console/offline.js')
    const relative = page ? 'index.html' : normalize(path.replace(/^\/console\//, ''))
    if (relative.startsWith('..') || (!page && !/^\/console\/(assets\/|offline\.js$)/.test(path))) {
      response.writeHead(path === '/' ? 302 : 404, path === '/' ? { location: '/console' } : {})
      return response.end()
    }
    const accepted = request.headers['accept-encoding'] ?? ''
    const packed = /\bbr\b/.test(accepted) ? ['br', '.br'] : /\bgzip\b/.test(accepted) ? ['gzip', '.gz'] : null
    const extension = relative.split('.').at(-1)
    const headers = {
      'content-type': TYPES[extension] ?? 'application/octet-stream',
      'cache-control': page || relative === 'offline.js' ? 'no-cache' : 'public, max-age=31536000, immutable',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      vary: 'accept-encoding',
      ...(relative === 'offline.js' ? { 'service-worker-allowed': '/' } : {}),
    }
    try {
      const small = packed && (await readFile(join(pages, relative + packed[1])).catch(() => null))
      const bytes = small ?? (await readFile(join(pages, relative)))
      response.writeHead(200, small ? { ...headers, 'content-encoding': packed[0] } : headers)
      response.end(bytes)
    } catch {
      response.writeHead(404)
      response.end()
    }
  }

  // Sockets are passed on byte for byte after the head.
  const sockets = new Set()
  server.on('upgrade', (request, socket, head) => {
    const session = current(request)
    const origin = request.headers.origin
    if (request.url !== '/console/graphql' || !session || origin !== `http://${request.headers.host}`) {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
      return
    }
    const there = net.connect(Number(target.port), target.hostname, () => {
      const kept = Object.entries(request.headers)
        .filter(([name]) => /^(upgrade|connection|sec-websocket-)/.test(name))
        .concat(Object.entries(bearer(session)), [['host', target.host]])
      there.write(`GET /graphql HTTP/1.1\r\n${kept.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
      there.write(head)
      there.pipe(socket)
      socket.pipe(there)
    })
    sockets.add(socket)
    const end = () => {
      sockets.delete(socket)
      socket.destroy()
      there.destroy()
    }
    for (const side of [socket, there]) side.on('error', end).on('close', end)
  })

  await new Promise((done) => server.listen(port, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    log,
    network,
    ask: (subject, query, variables) => ask(personas.find((one) => one.subject === subject), query, variables),
    /** A link as `camket dev` prints it. */
    link(subject) {
      const value = randomUUID()
      links.set(value, personas.find((one) => one.subject === subject))
      return `/console/sign-in#${value}`
    },
    /** Ends every session, as the server does when their time is over. */
    expire() {
      for (const session of sessions.values()) session.expires = 0
    },
    stop() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    },
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const option = (name) => process.argv[process.argv.indexOf(`--${name}`) + 1]
  const personas = readPersonas(await readFile(option('personas'), 'utf8'))
  const running = await start({ pages: option('pages'), api: option('api'), personas, port: Number(option('port') ?? 4712) })
  console.log(running.url)
}
