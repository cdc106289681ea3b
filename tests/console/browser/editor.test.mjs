// The editor and the operations: what runs, what does not, and what comes of it.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, afterEach, before, test } from 'node:test'
import { operations, world } from '../world.mjs'

let here
before(async () => (here = await world()))
afterEach(() => here?.leave())
after(() => here?.stop())
const calm = () => assert.deepEqual(here.faults(), [])
const link = (query, variables = '{}') => `/console/editor#o=${Buffer.from(JSON.stringify([query, variables])).toString('base64url')}`

async function editor(as, path = '/console/editor', options = {}) {
  const visitor = await here.visitor(as, options)
  await visitor.page.goto(here.server.url + path)
  await visitor.page.locator('.editor-box .view-line').first().waitFor()
  return visitor
}

/** What stands in one of the two editors. */
const text = (page, which = 0) => page.locator('.editor-box').nth(which).locator('.view-lines').innerText().then((lines) => lines.replace(/\u00a0/g, ' '))

async function type(page, which, value) {
  await page.locator('.editor-box').nth(which).locator('.view-lines').click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(value)
}

const BOARD = 'query Look { board { place { name } activity { name } promised confirmed givers { giver { name } promised } } }'

test('a link opens a text and runs nothing, whatever it carries', async () => {
  const visitor = await editor('coordinator', link('mutation Evil { acceptCommitment(input: {id: "x", expectedVersion: 1}) { userErrors { code } } }', '{"authorization":"x"}'))
  const { page } = visitor

  await page.waitForTimeout(1500)

  assert.match(await text(page), /mutation Evil/)
  assert.equal(new URL(page.url()).hash, '')
  assert.ok(!operations(visitor).includes('Evil'))
  // A change asks, and says on whose behalf.
  await page.getByRole('button', { name: 'Chạy' }).click()
  const dialog = page.getByRole('dialog')
  assert.match(await dialog.innerText(), /Sở Khoa học và Công nghệ.*acceptCommitment/s)
  await dialog.getByRole('button', { name: 'Xem lại' }).click()
  assert.ok(!operations(visitor).includes('Evil'))
  // What stood there before is a click away.
  await page.getByRole('button', { name: 'Trở lại văn bản trước' }).click()
  await page.waitForFunction(() => document.querySelector('.view-lines').textContent.includes('WhoAmI'))
  calm()
})

for (const hash of ['#o=AAAA', '#o=%3Cscript%3E', `#o=${Buffer.from('["a"]').toString('base64url')}`, '#<img src=x onerror=alert(1)>']) {
  test(`a spoiled link opens the editor as it was: ${hash.slice(0, 20)}`, async () => {
    const visitor = await editor('coordinator', `/console/editor${hash}`)
    assert.match(await text(visitor.page), /WhoAmI/)
    calm()
    await visitor.close()
  })
}

test('a result is a table that sorts and opens, a chart, JSON and a CSV that Excel reads', async () => {
  const visitor = await editor('coordinator', link(BOARD))
  const { page } = visitor
  await page.locator('.editor-box .view-lines').first().click()

  await page.keyboard.press('Control+Enter')

  const table = page.getByRole('region', { name: 'Kết quả dạng bảng' }).first()
  await table.waitFor()
  assert.deepEqual(operations(visitor).filter((one) => one === 'Look').length, 1)
  await table.getByRole('button', { name: 'Đã cam kết' }).click()
  await table.getByRole('button', { name: 'Đã cam kết' }).click()
  assert.match(await table.locator('tbody tr').first().innerText(), /3\.000/)
  await table.getByRole('button', { name: /1 dòng/ }).first().click()
  assert.match(await table.locator('td table').first().innerText(), /Bên cam kết · tên/)
  await page.getByRole('tab', { name: 'Biểu đồ' }).click()
  await page.locator('.chart-bars li').first().waitFor()
  await page.getByRole('tab', { name: 'CSV' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Tải tệp CSV' }).click()])
  const bytes = await readFile(await download.path())
  assert.equal(download.suggestedFilename(), 'Look.csv')
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
  assert.match(bytes.toString('utf8'), /Đơn vị · tên đầy đủ,Loại hoạt động · tên,Đã cam kết,Đã xác nhận,Các bên cam kết\r\n.*Xã Bạch Thông/s)
  await page.getByRole('tab', { name: 'JSON' }).click()
  assert.ok(JSON.parse(await page.locator('pre.json').innerText()).data.board.length > 10)
  calm()
})

test('what it would cost is said before it runs, and a warning before it is refused', async () => {
  const visitor = await editor('coordinator', link(BOARD))
  const { page } = visitor
  visitor.allow(/400/)
  await page.getByText(/Dự tính \d+ điểm/).waitFor()
  const big = 'query Big { places(first: 100) { nodes { id promised(first: 100) { nodes { id deliveries(first: 100) { nodes { id } } } } } } }'

  await type(page, 0, big)

  await page.getByText('Vượt giới hạn').waitFor()
  calm()
})

test('faults are told in Vietnamese and lead to their place', async () => {
  const visitor = await editor('officer', link('query A($filter: BoardFilter) {\n  board(filter: $filter) {\n    nix\n  }\n}', '{\n  "filter": { "x": 1 }\n}'))
  const { page } = visitor
  visitor.allow(/400/)
  await page.getByRole('button', { name: 'Chạy' }).click()
  await page.getByText('không khớp lược đồ').waitFor()
  await page.getByRole('button', { name: 'Đến dòng 3' }).click()
  assert.ok(await page.locator('.editor-box').first().locator('.focused').count())
  await type(page, 0, 'query A($filter: BoardFilter) { board(filter: $filter) { promised } }')
  await page.getByRole('button', { name: 'Chạy' }).click()

  await page.getByRole('button', { name: 'Đến biến $filter' }).click()

  assert.ok(await page.locator('.editor-box').nth(1).locator('.focused').count())
  await type(page, 1, '{')
  await page.getByRole('button', { name: 'Chạy' }).click()
  await page.locator('.notice', { hasText: 'Biến phải là một đối tượng JSON' }).waitFor()
  calm()
})

test('a subscription shows what others do, pauses, goes on and is cleared', async () => {
  const visitor = await editor('telecom-1', link('subscription Live { events { event { type recordedAt } } }'))
  const { page } = visitor
  const { data } = await here.ask('officer', '{ telecom: party(by: { code: "VT-MAU-1" }) { id } commitments(first: 1, filter: { giver: { code: { eq: "VT-MAU-1" } }, status: { eq: ACTIVE } }) { nodes { id } } }')
  const note = async (words) => {
    const wrote = await here.ask('officer', 'mutation ($input: WriteNoteInput!) { writeNote(input: $input) { userErrors { code } } }', {
      input: { commitmentId: data.commitments.nodes[0].id, addresseeId: data.telecom.id, text: words, idempotencyKey: crypto.randomUUID() },
    })
    assert.deepEqual(wrote.data.writeNote.userErrors, [])
  }
  await page.getByRole('button', { name: 'Chạy' }).click()
  await page.getByText('Đang theo dõi · 0 tin').waitFor()
  await here.subscribed()
  await note('một')
  await page.getByText('Đang theo dõi · 1 tin').waitFor()
  await page.getByRole('button', { name: 'Tạm dừng' }).click()
  await note('hai')
  await page.getByText('1 đang giữ').waitFor()
  await page.getByRole('button', { name: 'Tiếp tục' }).click()
  await page.getByText('Đang theo dõi · 2 tin').waitFor()
  assert.match(await page.locator('.editor-result').innerText(), /Viết ghi chú/)
  await page.getByRole('button', { name: 'Xóa', exact: true }).click()
  await page.getByText('Đang theo dõi · 0 tin').waitFor()
  await page.getByRole('button', { name: 'Dừng hẳn' }).click()
  await page.getByText('Đã dừng').waitFor()
  calm()
})

test('the explorer builds a text, the docs explain it in Vietnamese, the history opens it again', async () => {
  const visitor = await editor('bank', link('# trống\n'))
  const { page } = visitor
  await page.getByRole('button', { name: 'Chọn trường' }).click()
  await page.getByLabel('Lọc trường').fill('nhu cầu')
  await page.getByRole('checkbox', { name: /^needs/ }).check()
  await page.waitForFunction(() => /needs\(first: 20\)/.test(document.querySelector('.view-lines').textContent.replace(/\u00a0/g, ' ')))
  await page.getByRole('button', { name: 'Chạy' }).click()
  await page.getByRole('region', { name: 'Kết quả dạng bảng' }).first().waitFor()
  await page.getByRole('button', { name: 'Tài liệu' }).click()
  await page.getByLabel('Tìm kiểu').fill('đối soát')
  await page.getByRole('button', { name: 'DisputeDeliveryInput', exact: true }).click()
  assert.match(await page.locator('.editor-side').innerText(), /figure: Decimal!/)
  await type(page, 0, '{ viewer { today } }')
  await page.getByRole('button', { name: 'Lịch sử' }).click()

  await page.locator('.editor-side').getByRole('button', { name: 'Needs' }).click()

  await page.waitForFunction(() => /needs/.test(document.querySelector('.view-lines').textContent))
  assert.equal(operations(visitor).filter((one) => one === 'Needs').length, 1)
  calm()
})

test('code for integrators holds the operation and never a token', async () => {
  const visitor = await editor('telecom-1', link(BOARD))
  const { page } = visitor
  await page.getByRole('button', { name: 'Xuất mã…' }).click()
  const dialog = page.getByRole('dialog')
  for (const language of ['curl', 'Python', 'TypeScript']) {
    await dialog.getByRole('tab', { name: language }).click()
    const code = await dialog.locator('pre').innerText()
    assert.match(code, /query Look/)
    assert.match(code, /CAMKET_TOKEN/)
    assert.doesNotMatch(code, /ckp_|camket-session/)
  }
  calm()
})

test('the text survives the page, an ended session, and another theme', async () => {
  const visitor = await editor('union')
  visitor.allow(/401/)
  const { page } = visitor
  await type(page, 0, '{ viewer { today } } # giữ lại')
  await page.waitForFunction(() => Object.values(localStorage).some((value) => value.includes('giữ lại')))
  await page.reload()
  await page.locator('.view-line').first().waitFor()
  assert.match(await text(page), /giữ lại/)
  await visitor.expire()
  await page.getByRole('button', { name: 'Chạy' }).click()
  const dialog = page.getByRole('dialog', { name: 'Phiên làm việc đã hết' })
  await dialog.getByRole('button', { name: /Hội Mẫu 1/ }).first().click()
  await dialog.waitFor({ state: 'detached' })
  assert.match(await text(page), /giữ lại/)
  await page.locator('summary .account').click()
  await page.getByText('Tối', { exact: true }).click()
  await page.locator('.monaco-editor.vs-dark').first().waitFor()
  assert.match(await text(page), /giữ lại/)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Chạy' }).click()
  await page.getByRole('region', { name: 'Kết quả dạng bảng' }).first().waitFor()
  calm()
})

test('an operation is found by what it is for, filled in with pickers, run, and kept as a favourite', async () => {
  const visitor = await here.visitor('coordinator')
  const { page } = visitor
  await visitor.open('/console/operations')
  await page.getByLabel('Tìm theo việc cần làm').fill('cham tien do')
  await page.getByRole('link', { name: /Cam kết chậm tiến độ/ }).click()
  await page.getByRole('combobox', { name: /Trong địa bàn/ }).fill('bach thong')
  await page.getByRole('option', { name: /Xã Bạch Thông/ }).first().click()

  await page.getByRole('button', { name: 'Chạy' }).click()

  await page.getByRole('region', { name: 'Kết quả dạng bảng' }).first().waitFor()
  const sent = visitor.requests.filter((request) => request.postData()?.includes('query LateCommitments')).at(-1)
  assert.match(JSON.parse(sent.postData()).variables.inPlace, /^place_/)
  await page.getByRole('button', { name: 'Hay dùng', exact: true }).click()
  await page.reload()
  await page.getByText('Hay dùng', { exact: true }).first().click()
  assert.equal(await page.locator('.operation-list li').count(), 1)
  calm()
})

test('a refused change leads to its field', async () => {
  const visitor = await here.visitor('officer')
  const { page } = visitor
  await visitor.open('/console/operations?op=RaiseNeed')
  await page.getByRole('combobox', { name: /xã/i }).fill('bach thong')
  await page.getByRole('option', { name: /Xã Bạch Thông/ }).first().click()
  await page.getByRole('combobox', { name: /hoạt động/i }).fill('wifi')
  await page.locator('.picker [role=option]:visible', { hasText: 'wifi' }).click()
  await page.getByLabel(/Số lượng/).fill('0')
  for (const box of await page.locator('input[type=date]').all()) await box.fill('2027-06-30')
  await page.getByRole('button', { name: 'Thực hiện…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Đúng, thực hiện' }).click()
  await page.getByText('Hệ thống từ chối:').waitFor()

  await page.getByRole('button', { name: /đến chỗ sai: input\.quantity/ }).click()

  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('data-path')), 'input.quantity')
  assert.ok(await page.locator('.at-fault [data-path="input.quantity"]').count())
  calm()
})
