// The whole flow without a mouse: signing in, looking, confirming, running, signing out.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { operations, world } from '../world.mjs'

let here
before(async () => (here = await world()))
afterEach(() => here?.leave())
after(() => here?.stop())
const calm = () => assert.deepEqual(here.faults(), [])

/** Presses Tab until a control that is called so has the focus; what has it can be seen. */
async function tabTo(page, name, most = 80) {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const element = document.activeElement
      const box = element.getBoundingClientRect()
      const label = element.getAttribute('aria-label') ?? (element.labels?.[0]?.innerText || element.innerText || '')
      const style = getComputedStyle(element)
      return { label: label.trim().replace(/\s+/g, ' '), seen: box.width > 0 && box.height > 0, outlined: style.outlineStyle !== 'none' || style.boxShadow !== 'none' }
    })
    if (!name.test(at.label)) continue
    assert.ok(at.seen, `${at.label} has the focus and is not to be seen`)
    assert.ok(at.outlined, `${at.label} has the focus and does not show it`)
    return at.label
  }
  throw new Error(`no way to ${name} by Tab`)
}

test('an officer signs in, confirms, runs an operation and signs out by keyboard', async () => {
  const visitor = await here.visitor(null)
  const { page } = visitor
  await visitor.open('/console/sign-in')

  await tabTo(page, /Ủy ban nhân dân xã Bạch Thông/)
  await page.keyboard.press('Enter')
  await page.locator('.heat tbody tr').first().waitFor()

  await tabTo(page, /^Việc cần làm$/)
  await page.keyboard.press('Enter')
  await page.locator('#toVerify .item').first().waitFor()
  const before = operations(visitor).length
  await tabTo(page, /Đúng, xác nhận/)
  await page.keyboard.press('Enter')
  await page.getByText('1 đã xong').waitFor()
  assert.ok(operations(visitor).slice(before).includes('ConfirmDeliveries'))

  await page.locator('a.skip').focus()
  await tabTo(page, /^Thao tác$/)
  await page.keyboard.press('Enter')
  await page.locator('.operation-list li').first().waitFor()
  await tabTo(page, /Tìm theo việc cần làm/)
  await page.keyboard.type('tôi là ai')
  await page.locator('.operation-list li').nth(1).waitFor({ state: 'detached' })
  await tabTo(page, /Tôi là ai/)
  await page.keyboard.press('Enter')
  await page.locator('.operation form').waitFor()
  await tabTo(page, /^Chạy$/)
  await page.keyboard.press('Enter')
  await page.locator('.operation-result').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement.className), 'operation-result')

  await page.locator('a.skip').focus()
  await tabTo(page, /xã Bạch Thông/)
  await page.keyboard.press('Enter')
  await tabTo(page, /Đăng xuất/)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/console/sign-in')
  calm()
})

test('tabs and choices move by arrows, dialogs close by Escape and give the focus back', async () => {
  const visitor = await here.visitor('coordinator')
  const { page } = visitor
  await visitor.open('/console/operations?op=Board')
  await page.locator('.operation form .primary').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('tab').first().waitFor()
  await tabTo(page, /^Bảng$/)
  await page.keyboard.press('ArrowRight')
  const chosen = page.locator('[role=tab][aria-selected=true]')
  assert.notEqual(await chosen.innerText(), 'Bảng')
  await page.locator('summary .account').first().evaluate((element) => element.parentElement.focus())
  await page.keyboard.press('Enter')
  await tabTo(page, /Xem với tư cách/)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  calm()
})
