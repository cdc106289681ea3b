// The work page: decisions, drafts, a network that fails in every way, refusals at their fields.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { OURS, operations, world } from '../world.mjs'

let here
before(async () => (here = await world()))
after(() => here?.stop())
afterEach(() => {
  here.server.network.lose = false
  return here?.leave()
})
const calm = () => assert.deepEqual(here.faults(), [])
const sent = (visitor, name) => operations(visitor).filter((one) => one === name).length

async function delivery(id) {
  const { data } = await here.ask('officer', 'query ($id: ID!) { delivery(by: { id: $id }) { state received version verifications { act figure reason } } }', { id })
  return data.delivery
}

async function toVerify(subject) {
  const { data } = await here.ask(subject, '{ viewer { workQueue { toVerify(first: 50) { nodes { id version quantity viewerCan { verify } } } } } }')
  return data.viewer.workQueue.toVerify.nodes
}

test('a dispute: what the page and what the server refuse stands at its field, then it is sent once', async () => {
  const visitor = await here.visitor('officer', { phone: true })
  const { page } = visitor
  await visitor.open('/work')
  const [{ id }] = await toVerify('officer')
  const card = page.locator('#toVerify .item').first()
  await card.getByRole('button', { name: 'Khác số…' }).click()
  await card.getByRole('button', { name: 'Gửi đề nghị đối soát' }).click()
  await card.getByText('Hãy ghi số bạn đếm được.').waitFor()
  await card.getByText('Hãy nêu lý do.').waitFor()
  await card.getByLabel(/Số bạn đếm được/).fill('ba')
  await card.getByLabel('Vì sao khác').fill('Gọi lại số 0912345678')
  await card.getByRole('button', { name: 'Gửi đề nghị đối soát' }).click()
  await card.getByText('Hãy ghi một số').waitFor()
  await card.getByLabel(/Số bạn đếm được/).fill('3')
  await card.getByRole('button', { name: 'Gửi đề nghị đối soát' }).click()
  await card.locator('.field.at-fault', { hasText: 'dữ liệu cá nhân' }).waitFor()
  assert.equal((await delivery(id)).state, 'REPORTED')

  await card.getByLabel('Vì sao khác').fill('Ba buổi <img src=x onerror=alert(1)>')
  await card.getByRole('button', { name: 'Gửi đề nghị đối soát' }).click()

  await page.getByText('1 đã xong').waitFor()
  const now = await delivery(id)
  assert.deepEqual([now.state, now.received, now.verifications.length], ['DISPUTED', '3', 1])
  assert.equal(now.verifications[0].reason, 'Ba buổi <img src=x onerror=alert(1)>')
  // What an officer wrote is shown to the next reader as it was written.
  await page.locator('#disputed').getByText('Ba buổi <img src=x onerror=alert(1)>').waitFor()
  calm()
})

test('without a network a decision waits, says so, outlives the page, and is sent once', async () => {
  const visitor = await here.visitor('coordinator', { phone: true })
  visitor.allow(/ERR_INTERNET_DISCONNECTED/)
  const { page, context } = visitor
  await visitor.open('/work')
  const card = page.locator('#nextToVerify .item').first()
  const title = await card.getAttribute('aria-label')
  await context.setOffline(true)
  await page.getByText('Mất kết nối.').waitFor()

  await card.getByRole('button', { name: 'Đúng, xác nhận' }).click()

  await page.getByText('1 chờ gửi').waitFor()
  assert.match(await page.locator('#nextToVerify .item', { hasText: title.split(' · ')[0] }).first().innerText(), /chờ gửi|chưa nghe trả lời/)
  assert.equal(await page.getByText('đã xong').count(), 0)
  await context.setOffline(false)
  await page.getByText('1 đã xong').waitFor()
  await page.getByText('Mất kết nối.').waitFor({ state: 'detached' })
  calm()
})

test('an answer that is lost on its way leaves a draft, and sending it again counts once', async () => {
  const visitor = await here.visitor('coordinator')
  visitor.allow(/ERR_EMPTY_RESPONSE|ERR_CONNECTION/)
  const { page } = visitor
  await visitor.open('/work')
  await page.locator('#nextToVerify .item').first().waitFor()
  here.server.network.lose = true

  const lost = page.waitForEvent('requestfailed')
  await page.locator('#nextToVerify .item').getByRole('button', { name: 'Đúng, xác nhận' }).first().click()

  await lost
  await page.locator('.item').getByText('chưa nghe trả lời').first().waitFor()
  const draft = await page.evaluate(() => JSON.parse(localStorage.getItem('camket.drafts')).find((one) => one.state === 'waiting'))
  assert.equal((await delivery(draft.rows[0].id)).state, 'CONFIRMED')
  here.server.network.lose = false
  // The page dies and comes back: the draft is still there, with its key.
  await page.reload()
  await page.getByText('1 đã xong').waitFor()
  const keys = visitor.requests
    .filter((request) => request.postData()?.includes('confirmDeliveries'))
    .map((request) => JSON.parse(request.postData()).variables.input.idempotencyKey)
  assert.ok(keys.length >= 2)
  assert.deepEqual(new Set(keys), new Set([draft.key]))
  assert.equal((await delivery(draft.rows[0].id)).verifications.length, 1)
  calm()
})

test('many are confirmed at once, after their list was seen', async () => {
  const visitor = await here.visitor('coordinator')
  const { page } = visitor
  await visitor.open('/work')
  await page.getByLabel(/Chọn cả \d+ lượt/).check()
  const count = await page.locator('.choose input:checked').count()
  assert.ok(count >= 2)
  await page.getByRole('button', { name: 'Xác nhận…' }).click()
  const dialog = page.getByRole('dialog')
  assert.equal(await dialog.locator('.confirm-list li').count(), count)

  await dialog.getByRole('button', { name: 'Đúng, xác nhận tất cả' }).click()

  await page.getByText(/đã xong/).waitFor()
  await page.locator('.choose input').first().waitFor({ state: 'detached' })
  assert.equal(sent(visitor, 'ConfirmDeliveries'), 1)
  calm()
})

test('what changed in the meantime is shown as it is now, and nothing is overwritten', async () => {
  const visitor = await here.visitor('officer')
  const { page } = visitor
  await visitor.open('/work')
  await page.locator('#toAccept .item').first().waitFor()
  const { data } = await here.ask('officer', '{ viewer { workQueue { toAccept(first: 5) { nodes { id version viewerCan { accept } } } } } }')
  const proposal = data.viewer.workQueue.toAccept.nodes.find((one) => one.viewerCan.accept)
  const done = await here.ask('officer', 'mutation ($input: AcceptCommitmentInput!) { acceptCommitment(input: $input) { userErrors { code } } }', {
    input: { id: proposal.id, expectedVersion: proposal.version },
  })
  assert.deepEqual(done.data.acceptCommitment.userErrors, [])
  const label = await page.locator('#toAccept .item', { has: page.getByRole('button', { name: 'Từ chối…' }) }).getAttribute('aria-label')
  const card = page.getByRole('article', { name: label, exact: true })
  await card.getByRole('button', { name: 'Từ chối…' }).click()
  await card.getByLabel('Lý do từ chối').fill('Trùng với cam kết khác')

  await card.getByRole('button', { name: 'Từ chối', exact: true }).click()

  await page.getByText('Hiện nay trên hệ thống:').waitFor()
  assert.match(await page.locator('.work').innerText(), /Có hiệu lực/)
  calm()
})

test('a receipt is a draft from its first letter, over a reload, and is sent', async () => {
  const visitor = await here.visitor('officer', { phone: true })
  const { page } = visitor
  await visitor.open('/work')
  await page.getByRole('button', { name: 'Ghi nhận đã nhận' }).click()
  let dialog = page.getByRole('dialog', { name: 'Ghi nhận đã nhận' })
  await dialog.getByLabel('Theo cam kết nào').selectOption({ index: 1 })
  await dialog.getByLabel(/Số lượng/).fill('1,5.5')
  await dialog.getByLabel('Số biên bản').fill('BB-01')
  await page.waitForFunction(() => localStorage.getItem('camket.drafts')?.includes('BB-01'))
  await page.reload()
  await page.getByRole('button', { name: 'Viết tiếp phiếu nhận' }).click()
  dialog = page.getByRole('dialog', { name: 'Ghi nhận đã nhận' })
  assert.equal(await dialog.getByLabel('Số biên bản').inputValue(), 'BB-01')
  await dialog.getByRole('button', { name: 'Gửi', exact: true }).click()
  await dialog.getByText('Hãy ghi một số').waitFor()
  await dialog.getByLabel(/Số lượng/).fill('1')

  await dialog.getByRole('button', { name: 'Gửi', exact: true }).click()

  await page.getByText('1 đã xong').waitFor()
  assert.equal(sent(visitor, 'RecordReceipt'), 1)
  calm()
})

test('a note written elsewhere is answered here, whatever signs are in it', async () => {
  const { data } = await here.ask('officer', '{ viewer { workQueue { overdue(first: 1) { nodes { id } } } } telecom: party(by: { code: "VT-MAU-1" }) { id } commitments(first: 1, filter: { giver: { code: { eq: "VT-MAU-1" } }, status: { eq: ACTIVE } }) { nodes { id } } }')
  const wrote = await here.ask('officer', 'mutation ($input: WriteNoteInput!) { writeNote(input: $input) { note { id } userErrors { code message path } } }', {
    input: {
      commitmentId: data.commitments.nodes[0].id,
      addresseeId: data.telecom.id,
      text: '</p><script>alert(1)</script> [x](javascript:alert(1)) **bao giờ lắp?**',
      idempotencyKey: crypto.randomUUID(),
    },
  })
  assert.deepEqual(wrote.data.writeNote.userErrors, [])
  const visitor = await here.visitor('telecom-1', { phone: true })
  const { page } = visitor
  await visitor.open('/work')
  const card = page.locator('#notes .item', { hasText: '<script>alert(1)</script>' })
  await card.waitFor()

  await card.getByRole('button', { name: /Trả lời/ }).click()
  await card.getByLabel(/Trả lời/).fill('Tuần sau lắp')
  await card.getByRole('button', { name: 'Hoàn thành', exact: true }).click()

  await page.getByText('1 đã xong').waitFor()
  const note = await here.ask('officer', 'query ($id: ID!) { node(id: $id) { ... on Note { status answer } } }', { id: wrote.data.writeNote.note.id })
  assert.deepEqual(note.data.node, { status: 'DONE', answer: 'Tuần sau lắp' })
  calm()
})

test('nobody else at this device sees or sends a draft', async () => {
  const visitor = await here.visitor('officer')
  const { page, context } = visitor
  await visitor.open('/work')
  const label = await page.locator('#toAccept .item', { has: page.getByRole('button', { name: /Không chấp thuận…/ }) }).first().getAttribute('aria-label')
  const card = page.getByRole('article', { name: label, exact: true })
  await card.getByRole('button', { name: 'Không chấp thuận…' }).click()
  await card.getByLabel('Lý do').fill('bí mật của xã')
  await page.waitForFunction(() => localStorage.getItem('camket.drafts')?.includes('bí mật'))
  await context.request.post(`${here.server.url}/console/session/dev`, { headers: OURS, data: { persona: 'telecom-2' } })

  await page.reload()
  await page.locator('.work-section, .notice').first().waitFor()

  assert.doesNotMatch(await page.locator('body').innerText(), /bí mật|đang viết/)
  calm()
})
