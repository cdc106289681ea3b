// Operations that a party keeps: saved from the editor, filled in, shared by the coordinator, favoured,
// registered, changed, deleted; and links to them.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { operations, world } from '../world.mjs'

let here
before(async () => (here = await world()))
afterEach(() => here?.leave())
after(() => here?.stop())
const calm = () => assert.deepEqual(here.faults(), [])
const link = (query, variables = '{}') => `/console/editor#o=${Buffer.from(JSON.stringify([query, variables])).toString('base64url')}`
const EVIL = '<img src=x onerror=alert(1)>'
const TEXT = 'query LateHere($first: Int!, $inPlace: ID) {\n  commitments(first: $first, filter: { inPlace: $inPlace }) {\n    nodes { id giver { name } place { name } }\n  }\n}\n'

/** What the server keeps, as the coordinator sees it. */
async function kept(title) {
  const { data } = await here.ask('coordinator', 'query ($search: String!) { savedOperations(first: 50, filter: { search: $search }) { nodes { id version titleVi document variables shared party { code } } } }', { search: title })
  return data.savedOperations.nodes
}

test('an operation is saved from the editor and found, filled in and run on its page', async () => {
  const visitor = await here.visitor('officer')
  const { page } = visitor
  await page.goto(here.server.url + link(TEXT, '{ "first": 7 }'))
  await page.locator('.editor-box .view-line').first().waitFor()
  await page.getByRole('button', { name: 'Lưu…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Lưu thao tác cho đơn vị' })
  await dialog.getByRole('button', { name: 'Lưu', exact: true }).click()
  await dialog.getByText('Hãy đặt tên tiếng Việt.').waitFor()
  await dialog.getByLabel('Tên tiếng Việt').fill(`Việc chậm của xã ${EVIL}`)
  await dialog.getByLabel('Tên tiếng Anh').fill('Late in our commune')
  await dialog.getByLabel('Dùng để làm gì').fill(`Xem mỗi sáng thứ hai ${EVIL}`)

  await dialog.getByRole('button', { name: 'Lưu', exact: true }).click()

  await page.getByText('Đã lưu.').waitFor()
  const [one] = await kept('viec cham')
  assert.deepEqual([one.document, JSON.parse(one.variables), one.shared, one.party.code], [TEXT, { first: 7 }, false, 'UBND-02014-2025'])
  await page.getByRole('link', { name: 'Xem ở trang Thao tác' }).click()
  await page.getByRole('heading', { name: `Việc chậm của xã ${EVIL}` }).waitFor()
  await page.getByText(`Xem mỗi sáng thứ hai ${EVIL}`).waitFor()
  assert.equal(await page.getByLabel('Số dòng').inputValue(), '7')
  assert.ok(!operations(visitor).includes('LateHere'))
  await page.getByRole('combobox', { name: /Trong địa bàn/ }).fill('bach thong')
  await page.getByRole('option', { name: /Xã Bạch Thông/ }).first().click()
  await page.getByRole('button', { name: 'Chạy' }).click()
  await page.getByRole('region', { name: 'Kết quả dạng bảng' }).first().waitFor()
  assert.equal(operations(visitor).filter((name) => name === 'LateHere').length, 1)
  assert.equal(await page.locator('main img').count(), 0)
  calm()
})

test('what the server refuses to keep is said in the dialog, and nothing typed is lost', async () => {
  const visitor = await here.visitor('officer')
  const { page } = visitor
  visitor.allow(/400/)
  await page.goto(here.server.url + link('query Secret($token: String = "x") { viewer { today } }', '{ "token": "ckp_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG" }'))
  await page.locator('.editor-box .view-line').first().waitFor()
  await page.getByRole('button', { name: 'Lưu…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Tên tiếng Việt').fill('Gọi lại số 0912345678')

  await dialog.getByRole('button', { name: 'Lưu', exact: true }).click()

  await dialog.locator('.field.at-fault, .notice.danger').first().waitFor()
  assert.equal(await dialog.getByLabel('Tên tiếng Việt').inputValue(), 'Gọi lại số 0912345678')
  assert.deepEqual(await kept('goi lai'), [])
  calm()
})

test('the coordinator shares it after reading it; then everybody finds it, and runs it with their own rights', async () => {
  const coordinator = await here.visitor('coordinator')
  await coordinator.open('/console/operations')
  const { page } = coordinator
  const mine = page.getByRole('region', { name: 'Của các đơn vị khác' })
  await mine.getByRole('link', { name: /Việc chậm của xã/ }).click()
  await page.getByRole('button', { name: 'Dùng chung…' }).click()
  const dialog = page.getByRole('dialog')
  assert.match(await dialog.locator('pre').innerText(), /query LateHere/)
  await dialog.getByRole('button', { name: 'Dùng chung', exact: true }).click()
  await page.getByText('Dùng chung, do').waitFor()
  const bank = await here.visitor('bank')
  await bank.open('/console/operations')

  await bank.page.getByRole('region', { name: 'Dùng chung' }).getByRole('link', { name: /Việc chậm của xã/ }).click()

  assert.equal(await bank.page.getByRole('button', { name: /Sửa…|Xóa…|Dùng chung…/ }).count(), 0)
  await bank.page.getByRole('button', { name: 'Hay dùng', exact: true }).click()
  await bank.page.getByRole('button', { name: 'Thôi đánh dấu' }).waitFor()
  // On another device too.
  const elsewhere = await here.visitor('bank', { english: true })
  await elsewhere.open('/console/operations')
  await elsewhere.page.getByText('Favourites', { exact: true }).click()
  await elsewhere.page.getByRole('link', { name: /Late in our commune/ }).waitFor()
  calm()
})

test('a change by its party ends the sharing, and says so before', async () => {
  const visitor = await here.visitor('officer')
  const { page } = visitor
  await visitor.open('/console/operations')
  await page.getByRole('link', { name: /Việc chậm của xã/ }).click()
  await page.getByRole('button', { name: 'Sửa…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sửa thao tác đã lưu' })
  await dialog.getByText('phải được chia sẻ lại').waitFor()
  await dialog.getByLabel('Tên tiếng Việt').fill('Việc chậm của xã nhà')

  await dialog.getByRole('button', { name: 'Lưu thay đổi' }).click()

  await page.getByRole('heading', { name: 'Việc chậm của xã nhà' }).waitFor()
  await page.getByText('Của ', { exact: false }).first().waitFor()
  assert.deepEqual((await kept('xa nha')).map((one) => one.shared), [false])
  calm()
})

test('a link opens it and runs nothing; who may not see it learns nothing', async () => {
  const [one] = await kept('xa nha')
  const path = `/console/operations?saved=${one.id}`
  const officer = await here.visitor('officer')
  await officer.open(path)
  await officer.page.getByRole('heading', { name: 'Việc chậm của xã nhà' }).waitFor()
  await officer.page.waitForLoadState('networkidle')
  assert.ok(!operations(officer).includes('LateHere'))
  const bank = await here.visitor('bank')

  await bank.open(path)

  await bank.page.getByText('Không có thao tác này, hoặc bạn không được xem.').waitFor()
  assert.doesNotMatch(await bank.page.locator('body').innerText(), /xã nhà/)
  calm()
})

test('a manager registers it for programs, under a name', async () => {
  const visitor = await here.visitor('officer')
  const { page } = visitor
  await visitor.open('/console/operations')
  await page.getByRole('link', { name: /Việc chậm của xã/ }).click()
  await page.getByRole('button', { name: 'Đăng ký cho chương trình…' }).click()
  const dialog = page.getByRole('dialog')
  assert.equal(await dialog.getByLabel('Tên', { exact: false }).first().inputValue(), 'LateHere')
  await dialog.getByLabel('Tên', { exact: false }).first().fill('Board')
  await dialog.getByRole('button', { name: 'Đăng ký', exact: true }).click()
  await dialog.locator('.field.at-fault').waitFor()
  await dialog.getByLabel('Tên', { exact: false }).first().fill('LateHere')

  await dialog.getByRole('button', { name: 'Đăng ký', exact: true }).click()

  await page.getByText('thao tác lưu sẵn LateHere').waitFor()
  const { data } = await here.ask('officer', '{ operations(first: 10) { nodes { name document } } }')
  assert.deepEqual(data.operations.nodes.map((each) => [each.name, each.document]), [['LateHere', TEXT]])
  calm()
})

test('from its page it goes to the editor and back as a change of itself, then it is deleted', async () => {
  const visitor = await here.visitor('officer')
  const { page } = visitor
  await visitor.open('/console/operations')
  await page.getByRole('link', { name: /Việc chậm của xã/ }).click()
  await page.getByRole('link', { name: 'Mở trong trình soạn' }).click()
  await page.locator('.editor-box .view-line').first().waitFor()
  await page.locator('.editor-box').first().locator('.view-lines').click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('query LateHere { viewer { today } }')
  await page.getByRole('button', { name: 'Lưu…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sửa thao tác đã lưu' })
  await dialog.getByRole('button', { name: 'Lưu thay đổi' }).click()
  await page.getByText('Đã lưu.').waitFor()
  const [one] = await kept('xa nha')
  assert.equal(one.document, 'query LateHere { viewer { today } }')
  await page.getByRole('link', { name: 'Xem ở trang Thao tác' }).click()
  await page.getByRole('button', { name: 'Xóa…' }).click()

  await page.getByRole('dialog').getByRole('button', { name: 'Xóa', exact: true }).click()

  await page.getByText('Chọn một thao tác ở danh sách.').waitFor()
  assert.deepEqual(await kept('xa nha'), [])
  calm()
})

test('who only looks on keeps nothing', async () => {
  const visitor = await here.visitor('leadership')
  const { page } = visitor
  const answer = await visitor.context.request.get(`${here.server.url}/console/session`)
  const session = await answer.json()
  await page.goto(`${here.server.url}/console/editor`)
  await page.locator('.editor-box .view-line').first().waitFor()
  assert.equal(await page.getByRole('button', { name: 'Lưu…' }).count(), session.party.role === 'VIEWER' ? 0 : 1)
  calm()
})
