// Signing in and out, parties, viewing as another party, and a session that ends under an open page.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { operations, world } from '../world.mjs'

let here
before(async () => (here = await world()))
afterEach(() => here?.leave())
after(() => here?.stop())
const calm = () => assert.deepEqual(here.faults(), [])

test('the public gets a page that says whom this is for, and nothing is asked of the graph', async () => {
  const visitor = await here.visitor(null)

  await visitor.open('/work')

  assert.match(await visitor.page.locator('h1').innerText(), /dành cho thành viên/)
  assert.deepEqual(operations(visitor), [])
  await visitor.page.getByRole('link', { name: 'Đăng nhập' }).click()
  await visitor.page.getByRole('button', { name: /Ủy ban nhân dân xã Bạch Thông/ }).click()
  await visitor.page.waitForURL('**/work')
  calm()
})

test('a printed link signs in once, and leaves the address bar', async () => {
  const first = await here.visitor(null)
  await first.open(here.link)
  await first.page.waitForURL('**/console')
  assert.match(await first.page.locator('.account').innerText(), /Sở Khoa học và Công nghệ/)

  const second = await here.visitor(null)
  second.allow(/401/)
  await second.open(here.link)

  await second.page.getByText('Liên kết này đã dùng').waitFor()
  assert.equal(new URL(second.page.url()).hash, '')
  assert.equal(await second.cookie(), undefined)
  calm()
})

test('everybody of the demonstration signs in by the page, and finds board and work page', async (t) => {
  const anybody = await here.visitor(null)
  await anybody.open('/console/sign-in')
  const ways = await anybody.page.locator('.persona').allInnerTexts()
  await anybody.close()
  assert.equal(ways.length, 13)

  for (const [at, way] of ways.entries()) {
    const [party, label] = way.split('\n').filter(Boolean)
    await t.test(label ?? party, async () => {
      const visitor = await here.visitor(null)
      await visitor.open('/console/sign-in')
      await visitor.page.locator('.persona').nth(at).click()
      await visitor.page.waitForURL('**/console')
      const account = await visitor.page.locator('.account').innerText()
      assert.ok(account.includes(party), account)
      if (party === 'Chưa thuộc đơn vị nào') {
        await visitor.page.getByLabel('Mã mời').waitFor()
        assert.equal(await visitor.page.getByRole('navigation').count(), 0)
      } else {
        await visitor.page.locator('.heat tbody tr, .notice').first().waitFor()
        await visitor.page.getByRole('link', { name: 'Việc cần làm' }).click()
        await visitor.page.locator('.work-section, .notice').first().waitFor()
      }
      calm()
      await visitor.close()
    })
  }
})

async function invitation(subject, label) {
  const { data } = await here.ask(subject, '{ viewer { party { id } } }')
  const input = { partyId: data.viewer.party.id, role: 'REPORTER', label, idempotencyKey: crypto.randomUUID() }
  return (await here.act(subject, 'inviteMember', 'code', input)).code
}

test('somebody in no party joins one by the code of an invitation, and another from the menu', async () => {
  const visitor = await here.visitor('newcomer')
  const { page } = visitor
  const join = page.getByRole('button', { name: 'Tham gia', exact: true })
  await visitor.open('/work')
  await join.click()
  await page.getByText('Hãy nhập mã mời.').waitFor()
  await page.getByLabel('Mã mời').fill('cki_không có')
  await join.click()
  await page.getByText(/Không có lời mời nào với mã này/).waitFor()
  const code = await invitation('department', '<b>Văn phòng</b>')

  await page.getByLabel('Mã mời').fill(code)
  await page.keyboard.press('Enter')

  await page.getByRole('heading', { name: 'Việc cần làm' }).waitFor()
  assert.match(await page.locator('.account').innerText(), /Sở Mẫu A.*<b>Văn phòng<\/b>/s)
  await page.locator('summary .account').click()
  await page.getByRole('button', { name: 'Tham gia đơn vị khác…' }).click()
  await page.getByLabel('Mã mời').fill(code)
  await join.click()
  await page.getByRole('heading', { name: 'Việc cần làm' }).waitFor()
  await page.goBack()
  await page.getByLabel('Mã mời').fill(await invitation('bank', 'Kế toán'))
  await join.click()
  await page.locator('.account-label', { hasText: 'Kế toán' }).waitFor()
  await page.locator('summary .account').click()
  const parties = page.getByRole('group', { name: 'Làm việc cho' }).getByRole('button')
  assert.equal(await parties.count(), 2)

  // A code for a party that one is in already is said to be one, and is not used up.
  const spare = await invitation('department', 'Phó phòng')
  await page.getByRole('button', { name: 'Tham gia đơn vị khác…' }).click()
  await page.getByLabel('Mã mời').fill(spare)
  await join.click()
  await page.getByText('Bạn đã là thành viên của đơn vị này').waitFor()
  assert.match(await page.locator('.account').innerText(), /Kế toán/)
  await page.goBack()

  // When the chosen one sends them away they act for none, until they choose.
  const { data } = await here.ask('bank', '{ members(first: 50) { nodes { id version label } } }')
  const { id, version } = data.members.nodes.find((one) => one.label === 'Kế toán')
  await here.act('bank', 'removeMember', 'member { id }', { id, expectedVersion: version })
  await page.reload()
  await page.getByText('Bạn không còn là thành viên của đơn vị đã chọn.').waitFor()
  await page.locator('summary .account', { hasText: 'Chưa chọn đơn vị' }).click()
  await parties.click()
  await page.getByRole('heading', { name: 'Việc cần làm' }).waitFor()
  calm()
})

test('a person in two parties changes the party, and everything is read anew', async () => {
  const visitor = await here.visitor('two-hats')
  await visitor.open('/work')
  const { page } = visitor
  await page.locator('summary .account').click()

  await page.getByRole('button', { name: /xã Nghĩa Tá/ }).click()

  await page.locator('.account-party', { hasText: 'xã Nghĩa Tá' }).waitFor()
  await page.waitForFunction(() => document.querySelector('.work')?.textContent?.includes('Nghĩa Tá'))
  // A viewer of that commune looks and cannot act.
  assert.equal(await page.getByRole('button', { name: /xác nhận/ }).count(), 0)
  calm()
})

test('nobody but the coordinator is offered to view as another', async () => {
  const visitor = await here.visitor('leadership')
  await visitor.open('/console')
  await visitor.page.locator('summary .account').click()
  assert.equal(await visitor.page.getByRole('button', { name: /Xem với tư cách/ }).count(), 0)
  calm()
})

test('a session that ends under a half-written dispute asks over it, and every word is still there', async () => {
  const visitor = await here.visitor('officer')
  visitor.allow(/401/)
  const { page } = visitor
  await visitor.open('/work')
  const card = page.locator('#toVerify .item').first()
  await card.getByRole('button', { name: 'Khác số…' }).click()
  await card.getByLabel(/Số bạn đếm được/).fill('2')
  await card.getByLabel('Vì sao khác').fill('Chỉ có hai buổi, theo sổ của xã')
  await visitor.expire()

  await card.getByRole('button', { name: 'Gửi đề nghị đối soát' }).click()

  const dialog = page.getByRole('dialog', { name: 'Phiên làm việc đã hết' })
  await dialog.waitFor()
  assert.match(await page.locator('.work').innerText(), /chờ gửi/)
  await dialog.getByRole('button', { name: /xã Bạch Thông/ }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('1 đã xong').waitFor()
  const { data } = await here.ask('officer', '{ viewer { workQueue { disputed(first: 5) { nodes { received verifications { reason } } } } } }')
  assert.ok(data.viewer.workQueue.disputed.nodes.some((one) => one.received === '2' && one.verifications.at(-1).reason === 'Chỉ có hai buổi, theo sổ của xã'))
  calm()
})

test('signing out ends the session on the server and shows nothing more', async () => {
  const visitor = await here.visitor('bank')
  const { page } = visitor
  await visitor.open('/work')
  const cookie = await visitor.cookie()
  await page.locator('summary .account').click()

  await page.getByRole('button', { name: 'Đăng xuất' }).click()

  await page.waitForURL('**/console/sign-in')
  const answer = await fetch(`${here.server.url}/console/session`, { headers: { cookie: `camket-session=${cookie}` } })
  assert.equal((await answer.json()).signedIn, false)
  await page.goBack()
  await page.getByText('Trang này dành cho thành viên').waitFor()
  calm()
})

test('the coordinator views as a party: marked, reasoned, without acts, and it ends', async () => {
  const visitor = await here.visitor('coordinator')
  const { page } = visitor
  await visitor.open('/console')
  await page.locator('summary .account').click()
  await page.getByRole('button', { name: /Xem với tư cách/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Bắt đầu xem' }).click()
  await dialog.getByText('Hãy chọn đơn vị.').waitFor()
  await dialog.getByRole('combobox', { name: 'Đơn vị' }).fill('bach thong')
  await dialog.getByRole('option', { name: /xã Bạch Thông.*2025/ }).click()
  await dialog.getByLabel('Lý do').fill('<b>Xã báo</b> không thấy số liệu')

  await dialog.getByRole('button', { name: 'Bắt đầu xem' }).click()

  const banner = page.getByRole('region', { name: 'Đang xem với tư cách đơn vị khác' })
  await banner.waitFor()
  assert.match(await banner.innerText(), /xã Bạch Thông.*Còn 30 phút.*<b>Xã báo<\/b>/s)
  await page.getByRole('link', { name: 'Việc cần làm' }).click()
  await page.getByText('không làm thay được').first().waitFor()
  await page.locator('.work-section').first().waitFor()
  assert.equal(await page.locator('.item').getByRole('button', { name: /xác nhận|chấp thuận/i }).count(), 0)
  await banner.getByRole('button', { name: 'Thôi xem' }).click()
  await banner.waitFor({ state: 'detached' })
  // The party is told that it happened.
  const { data } = await here.ask('officer', '{ events(first: 1000) { nodes { type subjectId actor { code } } } party(by: { code: "UBND-02014-2025" }) { id } }')
  const seen = data.events.nodes.filter(({ type }) => type === 'VIEWED_AS')
  assert.deepEqual(seen.map((event) => event.subjectId), [data.party.id])
  const bank = await here.ask('bank', '{ events(first: 1000) { nodes { type } } }')
  assert.ok(!bank.data.events.nodes.some(({ type }) => type === 'VIEWED_AS'))
  calm()
})
