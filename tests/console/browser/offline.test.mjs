// Pages that are opened where there is no network, and come back by themselves.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { world } from '../world.mjs'

let here
before(async () => (here = await world()))
after(() => here?.stop())
afterEach(() => {
  here.server.network.away = false
  return here?.leave()
})
const calm = () => assert.deepEqual(here.faults(), [])

/** A visitor whose device has been here before. */
async function knownHere(as, path, ready) {
  const visitor = await here.visitor(as, { phone: true })
  visitor.allow(/ERR_|Failed to fetch|FetchEvent/)
  await visitor.open(path)
  await visitor.page.locator(ready).first().waitFor()
  await visitor.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await visitor.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  return visitor
}

for (const [path, as, ready] of [
  ['/work', 'officer', '.work-section'],
  ['/console', 'coordinator', '.communes section'],
  ['/console/operations', 'bank', '.operation-list li'],
  ['/console/join', 'officer', 'form'],
]) {
  test(`${path} opens without a network, says so, and is there once there is one`, async () => {
    const visitor = await knownHere(as, path, ready)
    const { page } = visitor
    here.server.network.away = true

    await page.reload()

    await page.getByText('Chưa kết nối được máy chủ').waitFor()
    here.server.network.away = false
    await page.getByRole('button', { name: 'Thử lại ngay' }).click()
    await page.locator(ready).first().waitFor()
    calm()
    await visitor.close()
  })
}

test('what was written before the page was closed out of reach is sent once it is in reach', async () => {
  const visitor = await knownHere('officer', '/work', '#toVerify .item')
  const { page } = visitor
  const card = page.locator('#toVerify .item').first()
  await card.getByRole('button', { name: 'Khác số…' }).click()
  await card.getByLabel(/Số bạn đếm được/).fill('2')
  await card.getByLabel('Vì sao khác').fill('Đếm lại ở nhà văn hóa thôn')
  here.server.network.away = true
  await card.getByRole('button', { name: 'Gửi đề nghị đối soát' }).click()
  await page.getByText('1 chờ gửi').waitFor()

  await page.reload()
  await page.getByText('Chưa kết nối được máy chủ').waitFor()
  here.server.network.away = false

  // Nobody clicks: the page tries by itself.
  await page.getByText('1 đã xong').waitFor({ timeout: 20_000 })
  const { data } = await here.ask('officer', '{ viewer { workQueue { disputed(first: 5) { nodes { received verifications { reason } } } } } }')
  const found = data.viewer.workQueue.disputed.nodes.filter((one) => one.verifications.some(({ reason }) => reason === 'Đếm lại ở nhà văn hóa thôn'))
  assert.equal(found.length, 1)
  assert.equal(found[0].verifications.length, 1)
  calm()
})

test('nothing that the server told anybody is kept for a page without a network', async () => {
  const visitor = await knownHere('officer', '/work', '.work-section')
  const kept = await visitor.page.evaluate(async () => {
    const urls = []
    for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) urls.push(new URL(url).pathname)
    return urls
  })

  assert.ok(kept.length > 5)
  assert.deepEqual(kept.filter((path) => path !== '/console' && !path.startsWith('/console/assets/')), [])
  assert.doesNotMatch(kept.join(), /monaco/)
  calm()
})
