// What lies between a page and the server, so that a test can count what goes over it, lose an answer or
// have it come late. Everything is passed on as it is; only where the page names this place, the server
// reads its own name.
import http from 'node:http'
import net from 'node:net'

const sizeOf = (rawHeaders) => rawHeaders.reduce((sum, part) => sum + part.length + 2, 0)

/** Stands before the server at an address. */
export async function between(target) {
  const there = new URL(target)
  // How it behaves: `lose` drops answers of the graph that were made, `delay` keeps each one back, and
  // where it is `away` nothing comes through.
  const network = { lose: false, delay: 0, away: false }
  /** Bytes of each answer as it went over the wire, by its path. */
  let carried = []
  const sockets = new Set()

  /** Headers as the page sent them, with the server's name where it names this one. */
  const named = (rawHeaders) =>
    rawHeaders.map((part, at) => {
      const name = at % 2 ? rawHeaders[at - 1].toLowerCase() : ''
      if (name === 'host' && part === here.host) return there.host
      return name === 'origin' && part === here.origin ? there.origin : part
    })

  const server = http.createServer((request, response) => {
    const path = new URL(request.url, here).pathname
    if (network.away) return request.socket.destroy()
    const asked = http.request({ host: there.hostname, port: there.port, method: request.method, path: request.url, headers: named(request.rawHeaders), setHost: false })
    const broken = () => response.destroy()
    asked.on('error', broken)
    request.on('error', broken).pipe(asked)
    response.on('close', () => asked.destroy())
    asked.on('response', async (answer) => {
      let bytes = sizeOf(answer.rawHeaders)
      if (network.delay) await new Promise((done) => setTimeout(done, network.delay))
      if (network.lose && path === '/console/graphql') {
        // The server has done it; the answer never arrives.
        answer.resume().on('end', broken)
        return
      }
      response.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders)
      answer.on('data', (piece) => (bytes += piece.length))
      answer.on('end', () => carried.push({ path, bytes }))
      answer.on('error', broken).pipe(response)
    })
  })
  server.on('upgrade', (request, socket, head) => {
    const headers = named(request.rawHeaders)
    const lines = headers.flatMap((part, at) => (at % 2 ? [] : [`${part}: ${headers[at + 1]}\r\n`])).join('')
    const on = net.connect(Number(there.port), there.hostname, () => {
      on.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines}\r\n`)
      on.write(head)
      on.pipe(socket)
      socket.pipe(on)
    })
    sockets.add(socket)
    const end = () => {
      sockets.delete(socket)
      socket.destroy()
      on.destroy()
    }
    for (const side of [socket, on]) side.on('error', end).on('close', end)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const here = new URL(`http://127.0.0.1:${server.address().port}`)

  return {
    url: here.origin,
    network,
    /** What was carried since this was asked last. */
    carried: () => carried.splice(0),
    stop() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    },
  }
}
