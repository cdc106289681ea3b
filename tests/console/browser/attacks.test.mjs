// What somebody who means harm can bring before a reader: texts that would be scripts, links, frames,
// requests of other pages, names that point here.
import assert from 'node:assert/strict'
import http from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import { partner, SDL } from '../partner.mjs'
import { OURS, operations, publish, world } from '../world.mjs'

const EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
let here
let part
const calm = () => assert.deepEqual(here.faults(), [])
const key = () => crypto.randomUUID()
const link = (query, variables = '{}') => `/console/editor#o=${Buffer.from(JSON.stringify([query, variables])).toString('base64url')}`

/** Harm in every text that somebody may write and the console shows. */
async function write() {
  const { data } = await here.ask(
    'coordinator',
    `{
      telecom: party(by: { code: "VT-MAU-1" }) { id version }
      activityKinds(first: 1, filter: { code: { eq: "guidance_sessions" } }) { nodes { id version forcesParties nameEn: name(language: EN) pillar promisers } }
      place: place(by: { code: { code: "02014" } }) { id }
      commitments(first: 1, filter: { giver: { code: { eq: "VT-MAU-1" } }, status: { eq: ACTIVE } }) { nodes { id } }
    }`,
  )
  const { telecom, activityKinds, place, commitments } = data
  const kind = activityKinds.nodes[0]
  const { version, ...kept } = kind
  await here.act('coordinator', 'reviseActivityKind', 'activityKind { id }', { ...kept, expectedVersion: version, name: `Buổi ${EVIL}` })
  await here.act('coordinator', 'reviseParty', 'party { id }', { id: telecom.id, expectedVersion: telecom.version, name: `Viễn thông ${EVIL}` })
  await here.act('officer', 'writeNote', 'note { id }', { commitmentId: commitments.nodes[0].id, addresseeId: telecom.id, text: `Ghi chú ${EVIL}`, idempotencyKey: key() })
  await here.act('officer', 'raiseNeed', 'need { id }', { communeId: place.id, activityId: kind.id, quantity: '3', dueOn: '2027-06-30', idempotencyKey: key() })
  await here.act('telecom-1', 'defineDocument', 'document { id }', { issuerId: telecom.id, kind: 'LETTER', force: 'AGREES', reference: '66/CV', title: `Công văn ${EVIL}`, issuedOn: '2026-01-05', idempotencyKey: key() })
  await here.act('telecom-1', 'issueToken', 'apiToken { id }', { partyId: telecom.id, role: 'VIEWER', scopes: ['READ'], label: `Máy ${EVIL}`, expiresInDays: 30, idempotencyKey: key() })
  const queue = await here.ask('officer', '{ viewer { workQueue { toVerify(first: 5) { nodes { id version viewerCan { verify } } } } } }')
  const entry = queue.data.viewer.workQueue.toVerify.nodes.find((one) => one.viewerCan.verify)
  await here.act('officer', 'disputeDelivery', 'delivery { id }', { id: entry.id, expectedVersion: entry.version, figure: '77', reason: `Sai ${EVIL}`, idempotencyKey: key() })
  part = await partner(here.api, 'vidutel', SDL)
  const subgraph = await publish(here, { url: part.url, sdl: SDL, approve: false })
  await here.act('coordinator', 'approveSubgraph', 'subgraph { id }', { id: subgraph.id, expectedVersion: subgraph.version, decision: 'DECLINE', reason: `Chưa được ${EVIL}` })
}

before(async () => {
  here = await world()
  await write()
})
afterEach(() => here?.leave())
after(async () => {
  await part?.stop()
  await here?.stop()
})

/** Nothing of a text became an element. */
async function harmless(page) {
  assert.equal(await page.locator('img, main script, main iframe, dialog script').count(), 0)
}

test('a text that would be a script is a text: on the board', async () => {
  const visitor = await here.visitor('coordinator')
  await visitor.open('/console')
  const { page } = visitor
  await page.locator('.heat tbody tr').first().waitFor()
  await page.locator('.graph', { hasText: `Chưa được ${EVIL}` }).waitFor()
  await page.locator('.graph', { hasText: `Viễn thông ${EVIL}` }).waitFor()

  await page.getByRole('button', { name: /Xã Bạch Thông, Buổi ">/ }).first().click()

  await page.getByRole('dialog').getByText(`Buổi ${EVIL}`).waitFor()
  await harmless(page)
  await page.keyboard.press('Escape')
  await page.getByText('Bảng số liệu').click()
  await page.locator('.figures tbody tr').first().waitFor()
  await harmless(page)
  calm()
})

test('a text that would be a script is a text: on the work page', async () => {
  for (const [as, words] of [
    ['telecom-1', `Ghi chú ${EVIL}`],
    ['officer', `Sai ${EVIL}`],
  ]) {
    const visitor = await here.visitor(as, { phone: true })
    await visitor.open('/work')
    await visitor.page.locator('.item', { hasText: words }).first().waitFor()
    await harmless(visitor.page)
    calm()
    await visitor.close()
  }
})

test('a text that would be a script is a text: in pickers, tables, JSON and files', async () => {
  const visitor = await here.visitor('telecom-1')
  const { page } = visitor
  const query = `query Everything {
    documents(first: 100, filter: { search: "66/CV" }) { nodes { title reference } }
    apiTokens(first: 20) { nodes { label } }
    needs(first: 50) { nodes { activity { name unit } } }
    parties(first: 5, filter: { code: { eq: "VT-MAU-1" } }) { nodes { name } }
  }`
  await page.goto(here.server.url + link(query))
  await page.locator('.editor-box .view-line').first().waitFor()

  await page.getByRole('button', { name: 'Chạy' }).click()

  await page.getByRole('region', { name: 'Kết quả dạng bảng' }).first().waitFor()
  for (const tab of ['JSON', 'CSV']) {
    await page.getByRole('tab', { name: tab }).click()
    await page.locator('.editor-result', { hasText: '<script>alert(2)</script>' }).waitFor()
    await harmless(page)
  }
  await page.goto(`${here.server.url}/console/operations?op=LateCommitments`)
  await page.goto(`${here.server.url}/console/operations?op=PartyPage`)
  await page.getByRole('combobox').first().fill('vien thong')
  await page.getByRole('option', { name: /<script>/ }).first().waitFor()
  await harmless(page)
  calm()
})

test("HTML in a partner's descriptions is a text wherever they are read", async () => {
  const visitor = await here.visitor('coordinator')
  const { page } = visitor
  await page.goto(here.server.url + link('query Theirs { subgraphVersions(first: 5) { nodes { number sdl reason changes { path message } } } }'))
  await page.locator('.editor-box .view-line').first().waitFor()
  await page.getByRole('button', { name: 'Chạy' }).click()
  await page.getByRole('region', { name: 'Kết quả dạng bảng' }).first().waitFor()
  await page.getByRole('tab', { name: 'JSON' }).click()

  await page.locator('pre.json', { hasText: 'javascript:alert(1)' }).waitFor()

  await harmless(page)
  assert.equal(await page.locator('main a[href^="javascript"]').count(), 0)
  calm()
})

test('no link runs, signs in elsewhere, or leads away', async () => {
  const visitor = await here.visitor('coordinator')
  const { page } = visitor
  for (const path of [
    link('mutation Evil { retireSubgraph(input: { id: "x", expectedVersion: 1 }) { userErrors { code } } }'),
    '/console/operations?op=IssueToken',
    `/console/operations?op=${encodeURIComponent(EVIL)}`,
    `/console/operations?saved=${encodeURIComponent(EVIL)}`,
    `/console?show=${encodeURIComponent(EVIL)}&period=${encodeURIComponent(EVIL)}`,
  ]) {
    await page.goto(here.server.url + path)
    await page.locator('main h1').first().waitFor()
    await page.waitForLoadState('networkidle')
    await harmless(page)
  }
  assert.deepEqual(operations(visitor).filter((one) => ['Evil', 'IssueToken'].includes(one)), [])
  calm()
})

test('after signing in one comes to a page of this console, wherever a link would lead', async () => {
  for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/console/../graphql', '/workspace']) {
    const visitor = await here.visitor(null)
    await visitor.open(`/console/sign-in?to=${encodeURIComponent(to)}`)
    await visitor.page.getByRole('button', { name: /Ủy ban nhân dân xã Bạch Thông/ }).click()
    await visitor.page.locator('.account-party').waitFor()
    const { origin, pathname } = new URL(visitor.page.url())
    assert.equal(origin, here.server.url)
    assert.match(pathname, /^\/(console|work)/, to)
    calm()
    await visitor.close()
  }
})

/** Another site on this machine, which is of the same site to a browser: its cookies go along. */
async function elsewhere(html) {
  const site = http.createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(html)
  })
  await new Promise((done) => site.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${site.address().port}/`, stop: () => new Promise((done) => (site.closeAllConnections(), site.close(done))) }
}

test('no other page frames the console', async () => {
  const site = await elsewhere(`<iframe src="${here.server.url}/console"></iframe><iframe src="${here.server.url}/work"></iframe>`)
  const visitor = await here.visitor('coordinator')
  visitor.allow(/./)
  await visitor.page.goto(site.url)
  await visitor.page.waitForLoadState('networkidle')

  for (const frame of visitor.page.frames().slice(1)) {
    const shown = await frame.evaluate(() => document.body?.innerText ?? '').catch(() => '')
    assert.doesNotMatch(shown, /Cam Kết|Tổng hợp/)
    assert.match(frame.url(), /^chrome-error:/)
  }
  assert.deepEqual(operations(visitor), [])
  await visitor.close()
  await site.stop()
})

test('no other page asks anything in the name of who is signed in', async () => {
  const note = { query: 'mutation { doneNote(input: { id: "x", expectedVersion: 1 }) { userErrors { code } } }' }
  const forged = `
    <form id=f method=post action="${here.server.url}/console/session/end" enctype="text/plain"><input name='{"a":"' value='"}'></form>
    <script>
      const asks = ['graphql', 'cost', 'session/end', 'session/party', 'view-as', 'session/dev'].flatMap((path) => [
        ['text/plain', {}], ['application/json', {}], ['application/json', { 'x-requested-with': 'camket-console' }],
      ].map(([type, more]) => fetch('${here.server.url}/console/' + path, {
        method: 'POST', mode: type === 'text/plain' ? 'no-cors' : 'cors', credentials: 'include',
        headers: { 'content-type': type, ...more }, body: ${JSON.stringify(JSON.stringify(note))},
      }).then(() => type === 'text/plain' ? 'sent' : 'READ', () => 'refused')))
      const socket = new Promise((done) => {
        const one = new WebSocket('${here.server.url.replace('http', 'ws')}/console/graphql', 'graphql-transport-ws')
        one.onopen = () => done('READ')
        one.onerror = () => done('refused')
      })
      Promise.all([...asks, socket]).then((all) => { document.title = all.join(' '); f.target = 'other'; f.submit() })
    </script>`
  const site = await elsewhere(forged)
  const visitor = await here.visitor('coordinator')
  visitor.allow(/./)
  await visitor.page.goto(site.url)
  await visitor.page.waitForFunction(() => document.title.split(' ').length > 18)
  await visitor.page.waitForTimeout(500)

  assert.doesNotMatch(await visitor.page.title(), /READ/)
  const answer = await visitor.context.request.get(`${here.server.url}/console/session`)
  const session = await answer.json()
  assert.equal(session.signedIn, true)
  assert.equal(session.viewAs, null)
  await visitor.close()
  await site.stop()
})

/** Asks the server itself with headers that no browser lets a page set. */
const raw = (path, headers, method = 'GET', body = '') =>
  new Promise((done, fail) => {
    const { hostname, port } = new URL(here.api)
    const asked = http.request({ hostname, port, path, method, headers, setHost: false }, (answer) => {
      answer.resume().on('end', () => done({ status: answer.statusCode, headers: answer.headers }))
    })
    asked.on('error', fail).end(body)
  })

test('under a name that was rebound to this machine there is no console', async () => {
  const visitor = await here.visitor('coordinator')
  const cookie = `camket-session=${await visitor.cookie()}`
  for (const path of ['/console', '/work', '/console/session', '/console/offline.js']) {
    const { status } = await raw(path, { host: 'evil.example', cookie })
    assert.equal(status, 421, path)
  }
  const own = new URL(here.api).host
  const { status } = await raw('/console/graphql', { ...OURS, host: own, origin: 'http://evil.example', cookie }, 'POST', '{"query":"{ viewer { today } }"}')
  assert.ok([403, 421].includes(status))
})

test('every page and file says what may run on it', async () => {
  for (const path of ['/console', '/work', '/console/offline.js', '/console/editor']) {
    const { status, headers } = await raw(path, { host: new URL(here.api).host })
    assert.equal(status, 200, path)
    const policy = headers['content-security-policy'] ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(/script-src[^;]*/.exec(policy)[0], /unsafe|\*|http/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
  }
})
