// A server as an operator sets it up: people come with an invitation, sign in with a provider on another
// site, and work.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { production } from '../servers.mjs'
import { world } from '../world.mjs'

let here
let visitor
before(async () => {
  // Browsers know this server by its own name, which the provider sends them back to.
  here = await world(production, (api) => ({ url: api, stop: () => undefined }))
  visitor = await here.visitor(null)
  visitor.allow(/^a request to http:\/\/localhost:\d+\//)
  // A browser may ask for a picture for the page that leads on, whose policy allows none.
  visitor.allow(/\/favicon\.ico/)
})
after(() => here?.stop())
const calm = () => assert.deepEqual(here.faults(), [])
const WAY = { name: 'Đăng nhập qua Cổng đăng nhập' }

async function invitation(label) {
  const { data } = await here.ask('manager', '{ viewer { party { id } } }')
  const input = { partyId: data.viewer.party.id, role: 'REPORTER', label, idempotencyKey: crypto.randomUUID() }
  return (await here.act('manager', 'inviteMember', 'code', input)).code
}

test('somebody who was invited signs in with the provider, joins by the code, and stands where they wanted to go', async () => {
  const { page } = visitor
  await visitor.open('/work')
  await page.getByRole('link', { name: 'Đăng nhập' }).click()
  await page.getByRole('link', WAY).click()
  await page.waitForURL('http://localhost:*/**')
  await page.locator('[name=subject]').fill('can-bo-xa')

  await page.getByRole('button').click()

  await page.waitForURL(`${here.api}/work`)
  const cookies = await visitor.context.cookies(here.api)
  assert.deepEqual(
    cookies.map(({ name, sameSite, httpOnly }) => [name, sameSite, httpOnly]),
    [['camket-session', 'Strict', true]],
  )
  await page.getByRole('heading', { name: 'Tham gia một đơn vị' }).waitFor()
  assert.match(await page.locator('.account').innerText(), /Chưa thuộc đơn vị nào/)
  await page.getByLabel('Mã mời').fill(` ${await invitation('Cán bộ chuyển đổi số')} `)
  await page.getByRole('button', { name: 'Tham gia' }).click()
  await page.getByRole('heading', { name: 'Việc cần làm' }).waitFor()
  const account = await page.locator('.account').innerText()
  assert.ok(account.includes('xã Bạch Thông') && account.includes('Cán bộ chuyển đổi số'), account)
  const { data } = await here.ask('manager', '{ members(first: 5) { nodes { label role } } }')
  assert.deepEqual(data.members.nodes, [{ label: 'Cán bộ chuyển đổi số', role: 'REPORTER' }])
  calm()
})

test('a session that ends under a page goes on after a sign-in beside it, and what was typed is still there', async () => {
  const { page, context } = visitor
  visitor.allow(/401/)
  await page.locator('summary .account').click()
  await page.getByRole('button', { name: 'Tham gia đơn vị khác…' }).click()
  await page.getByLabel('Mã mời').fill('nửa chừng')
  await visitor.expire()
  await page.getByRole('button', { name: 'Tham gia' }).click()
  const dialog = page.getByRole('dialog', { name: 'Phiên làm việc đã hết' })
  const beside = context.waitForEvent('page')

  await dialog.getByRole('link', WAY).click()

  // The provider still knows who it is.
  const other = await beside
  await other.waitForURL(`${here.api}/console`)
  await other.locator('.account-party', { hasText: 'xã Bạch Thông' }).waitFor()
  await other.close()
  await page.bringToFront()
  await page.evaluate(() => dispatchEvent(new Event('focus')))
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await page.getByLabel('Mã mời').inputValue(), 'nửa chừng')
  calm()
})
