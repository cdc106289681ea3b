// A party's part of the graph, as small as the registry takes it: it answers who bears a good statement
// for it, and knows no commune.
import { createPublicKey, verify } from 'node:crypto'
import http from 'node:http'

/** A schema whose every description would like to be more than text. */
export const SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Commune @key(fields: "id") { id: ID! vidutel: VidutelCommune }
"""
<img src=x onerror="alert(1)"> <b>Phủ sóng</b> [xem](javascript:alert(1))
"""
type VidutelCommune {
  "</script><script>alert(2)</script>"
  percent4G: Int
}
`

/** Serves it for the registry at an address. */
export async function partner(registry, prefix, sdl) {
  const origin = new URL(registry).origin
  const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString())

  async function isGood(authorization) {
    const [head, body, signature] = (authorization ?? '').replace(/^Bearer /, '').split('.')
    if (!signature) return false
    try {
      const [{ alg, typ, kid }, claims] = [read(head), read(body)]
      const { keys } = await (await fetch(`${origin}/registry/jwks.json`)).json()
      const key = keys.find((one) => one.kid === kid)
      if (alg !== 'EdDSA' || typ !== 'camket-statement+jwt' || !key) return false
      const signed = verify(null, Buffer.from(`${head}.${body}`), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'))
      return signed && claims.iss === origin && claims.aud === prefix && claims.exp * 1000 > Date.now()
    } catch {
      return false
    }
  }

  const server = http.createServer(async (request, response) => {
    const pieces = []
    for await (const piece of request) pieces.push(piece)
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (!(await isGood(request.headers.authorization))) return answer(401, { errors: [{ message: 'no good statement' }] })
    const { query, variables } = JSON.parse(Buffer.concat(pieces).toString())
    if (query.includes('_service')) return answer(200, { data: { _service: { sdl } } })
    if (query.includes('_entities')) return answer(200, { data: { _entities: variables.representations.map(() => null) } })
    return answer(200, { data: query.includes('__schema') ? { __schema: {} } : { __typename: 'Query' } })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    stop() {
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    },
  }
}
