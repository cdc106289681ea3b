// How the pages look, whether everybody can use them, and what they weigh. Screenshots go to the folder
// in SHOTS, if it is set.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { partner, SDL } from '../partner.mjs'
import { OURS, publish, world } from '../world.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = process.env.SHOTS
const WIDE = { width: 1280, height: 900 }
const PHONE = { width: 390, height: 844 }

let here
let part
before(async () => {
  here = await world()
  part = await partner(here.api, 'vidutel', SDL)
  await publish(here, { url: part.url, sdl: SDL })
  await here.act('officer', 'saveOperation', 'savedOperation { id }', {
    titleVi: 'Cam kết chậm tiến độ trên địa bàn xã Bạch Thông và các xã, thị trấn trước khi sắp xếp',
    titleEn: 'What is late in our commune and in what came before it',
    descriptionVi: 'Xem mỗi sáng thứ hai, trước giao ban.',
    document: 'query LateHere($first: Int!, $inPlace: ID) { commitments(first: $first, filter: { inPlace: $inPlace }) { nodes { id } } }',
    variables: '{"first":20}',
    idempotencyKey: crypto.randomUUID(),
  })
})
afterEach(() => (here.server.network.away = false))
after(async () => {
  await part?.stop()
  await here?.stop()
})
const calm = () => assert.deepEqual(here.faults(), [])

/** The rules of WCAG 2.2 AA and axe's own good practice, on what is on the screen. */
async function accessible(page) {
  const found = await page.evaluate(`(() => { ${axe}; return axe.run(document, { resultTypes: ['violations'] }) })()`)
  const said = found.violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => `${node.html.slice(0, 200)} – ${node.failureSummary?.split('\n').at(-1)?.trim()}`).join('\n  ')}`)
  assert.deepEqual(said, [])
}

/** Nothing sticks out of the page, and nothing that is meant to be read is cut. */
async function whole(page) {
  const cut = await page.evaluate(() => {
    const out = []
    if (document.documentElement.scrollWidth > innerWidth + 1) out.push(`the page is ${document.documentElement.scrollWidth} wide`)
    for (const element of document.querySelectorAll('main *, header *, nav *, dialog *')) {
      const style = getComputedStyle(element)
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
      if (!own || element.closest('.monaco-editor, [hidden]') || style.visibility === 'hidden' || style.clipPath !== 'none') continue
      const hides = style.overflowX !== 'visible' && style.overflowX !== 'auto' && style.overflowX !== 'scroll'
      if (hides && element.scrollWidth > element.clientWidth + 1 && element.tagName !== 'INPUT' && element.tagName !== 'SELECT') {
        out.push(`${element.className || element.tagName}: ${element.textContent.slice(0, 60)}`)
      }
    }
    return out
  })
  assert.deepEqual(cut, [])
}

const link = (query, variables = '{}') => `/console/editor#o=${Buffer.from(JSON.stringify([query, variables])).toString('base64url')}`
const BOARD = link('query Board {\n  board {\n    place { name }\n    activity { name unit }\n    promised reported confirmed\n    givers { giver { name } promised }\n  }\n}\n')
const WRONG = link('query Late($filter: CommitmentFilter) {\n  commitments(first: 10, filter: $filter) {\n    nodes { id lateness }\n  }\n}\n')
const CLOSE = link('mutation Close($input: CloseCommitmentInput!) {\n  closeCommitment(input: $input) { userErrors { code } }\n}\n', '{\n  "input": { "id": "Q29tbWl0bWVudDox", "expectedVersion": 1 }\n}')
const NEWS = link('subscription News {\n  events {\n    event { type recordedAt actor { name } }\n  }\n}\n')

async function run(page) {
  await page.locator('.editor-bar .primary').click()
}

/** Something that the telecom hears of. */
async function writeNote(text) {
  const { data } = await here.ask('officer', '{ telecom: party(by: { code: "VT-MAU-1" }) { id } commitments(first: 1, filter: { giver: { code: { eq: "VT-MAU-1" } }, status: { eq: ACTIVE } }) { nodes { id } } }')
  await here.act('officer', 'writeNote', 'note { id }', {
    commitmentId: data.commitments.nodes[0].id,
    addresseeId: data.telecom.id,
    text,
    idempotencyKey: crypto.randomUUID(),
  })
}

/** Each view: who sees it, where it is, what makes it ready, what is done there first. */
const views = [
  ['sign-in', null, '/console/sign-in', '.persona'],
  ['public', null, '/console', 'h1'],
  ['board', 'coordinator', '/console', '.heat tbody tr, .communes section'],
  ['board-gap', 'coordinator', '/console?show=gap', '.heat tbody tr, .communes section'],
  ['board-table', 'coordinator', '/console?form=table', '.figures tbody tr'],
  [
    'board-cell',
    'coordinator',
    '/console',
    '.heat tbody tr, .communes section',
    async (page) => {
      await page.getByRole('button', { name: /Xã Bạch Thông, (Lượt cài đặt|App)/ }).first().click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  ['work', 'officer', '/work', '.work-section'],
  [
    'work-dispute',
    'officer',
    '/work',
    '.work-section',
    async (page) => {
      const card = page.locator('#toVerify .item').first()
      await card.locator('.buttons .button').nth(1).click()
      await card.locator('button[type=submit]').click()
      await card.locator('.field-error').first().waitFor()
    },
  ],
  [
    'work-receipt',
    'officer',
    '/work',
    '.work-section',
    async (page) => {
      await page.locator('.page-head .primary').click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'work-many',
    'leadership',
    '/work',
    '.work-section, .notice',
  ],
  [
    'join',
    'newcomer',
    '/work',
    'form',
    async (page) => {
      await page.locator('form input').fill('mời-2026-12')
      await page.locator('form button').click()
      await page.locator('.field-error').waitFor()
    },
  ],
  ['nowhere', 'bank', '/console/nowhere', 'h1'],
  [
    'away',
    'officer',
    '/work',
    '.work-section',
    async (page, visitor) => {
      visitor.allow(/ERR_|Failed to fetch|FetchEvent/)
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
      here.server.network.away = true
      await page.reload()
      await page.locator('main .notice, main .button').first().waitFor()
    },
  ],
  [
    'work-unsent',
    'officer',
    '/work',
    '#toVerify .item',
    async (page, visitor) => {
      visitor.allow(/ERR_|Failed to fetch|FetchEvent/)
      here.server.network.away = true
      const card = page.locator('#toVerify .item').first()
      await card.locator('.buttons .button').nth(1).click()
      await card.locator('input').first().fill('2')
      await card.locator('textarea, input').last().fill('Đếm lại ở nhà văn hóa thôn')
      await card.locator('button[type=submit]').click()
      await page.locator('.outbox').first().waitFor()
    },
  ],
  [
    'ended-dialog',
    'officer',
    '/work',
    '.work-section',
    async (page, visitor) => {
      visitor.allow(/401/)
      await visitor.expire()
      await page.evaluate(() => dispatchEvent(new Event('online')))
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'view-as-dialog',
    'coordinator',
    '/console/nowhere',
    'h1',
    async (page) => {
      await page.locator('summary .account').click()
      await page.locator('.menu-body .menu-item').first().click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  ['operations', 'coordinator', '/console/operations', '.operation-list li'],
  [
    'operation',
    'coordinator',
    '/console/operations?op=LateCommitments',
    '.operation form',
    async (page) => {
      await page.locator('.operation form .primary').click()
      await page.locator('.result-table').waitFor()
    },
  ],
  ['operation-form', 'telecom-1', '/console/operations?op=RecordReceipt', '.operation .group'],
  [
    'saved',
    'officer',
    '/console/operations',
    '.operation-list li',
    async (page) => {
      await page.locator('section[aria-labelledby=group-own] a').click()
      await page.locator('.operation form').waitFor()
    },
  ],
  [
    'save-dialog',
    'officer',
    '/console/editor',
    '.editor-box .view-line',
    async (page) => {
      await page.getByRole('button', { name: /^(Lưu…|Save…)$/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'editor',
    'coordinator',
    BOARD,
    '.editor-box .view-line',
    async (page) => {
      await run(page)
      await page.locator('.result-table').first().waitFor()
    },
  ],
  [
    'editor-chart',
    'coordinator',
    BOARD,
    '.editor-box .view-line',
    async (page) => {
      await run(page)
      await page.locator('[role=tab][data-key=chart]').click()
      await page.locator('.chart-bars').waitFor()
      await page.locator('.editor-sides .button').first().click()
      await page.locator('.tree').first().waitFor()
    },
  ],
  [
    'editor-csv',
    'coordinator',
    BOARD,
    '.editor-box .view-line',
    async (page) => {
      await run(page)
      await page.locator('[role=tab][data-key=csv]').click()
      await page.locator('pre.json').waitFor()
    },
  ],
  [
    'editor-live',
    'telecom-1',
    NEWS,
    '.editor-box .view-line',
    async (page) => {
      await run(page)
      await page.locator('.live-bar .tag.good').waitFor()
      await here.subscribed()
      await writeNote('Đề nghị gửi danh sách thôn đã lắp wifi')
      await page.locator('.live-bar .tag', { hasText: '1' }).waitFor()
      await writeNote('Kèm ảnh chụp điểm lắp đặt')
      await page.locator('.live-bar .tag', { hasText: '2' }).waitFor()
      await page.locator('.result-table').waitFor()
    },
  ],
  [
    'editor-history',
    'coordinator',
    BOARD,
    '.editor-box .view-line',
    async (page) => {
      await run(page)
      await page.locator('.result-table').first().waitFor()
      await page.locator('.editor-sides .button').nth(2).click()
      await page.locator('.editor-side .link-button').first().waitFor()
    },
  ],
  [
    'editor-faults',
    'officer',
    WRONG,
    '.editor-box .view-line',
    async (page, visitor) => {
      visitor.allow(/400/)
      await run(page)
      await page.locator('.editor-result .notice').first().waitFor()
    },
  ],
  [
    'change-dialog',
    'telecom-1',
    CLOSE,
    '.editor-box .view-line',
    async (page) => {
      await run(page)
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'export-dialog',
    'telecom-1',
    BOARD,
    '.editor-box .view-line',
    async (page) => {
      await page.getByRole('button', { name: /^(Xuất mã…|Export code…)$/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'editor-docs',
    'coordinator',
    '/console/editor',
    '.editor-box .view-line',
    async (page) => {
      await page.locator('.editor-sides .button').nth(1).click()
      await page.locator('.docs-list .type-name').first().click()
      await page.locator('.docs h2').waitFor()
    },
  ],
  [
    'menu',
    'two-hats',
    '/work',
    '.work-section, .notice',
    async (page) => {
      await page.locator('summary .account').click()
      await page.locator('.menu-body').waitFor()
    },
  ],
  [
    'view-as',
    'coordinator',
    '/work',
    '.work-section',
    async (page, visitor) => {
      const id = await partyId('UBND-02014-2025')
      await visitor.context.request.post(`${here.server.url}/console/view-as`, {
        headers: OURS,
        data: { party: id, reason: 'Xã báo không thấy số liệu của Bưu điện Mẫu 1' },
      })
      await page.reload()
      await page.locator('.view-as').waitFor()
      await page.locator('.work-section').first().waitFor()
    },
  ],
]

async function partyId(code) {
  const { data } = await here.ask('coordinator', 'query ($code: String!) { party(by: { code: $code }) { id } }', { code })
  return data.party.id
}

// A few views alone, while one works on them.
const only = process.env.VIEWS?.split(',')

/** What must hold of a view as it stands, and its picture. */
async function looked(page, name, kind) {
  await page.evaluate(() => document.fonts.ready)
  // A page that was refused something may never be told that it is idle.
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined)
  await page.waitForTimeout(150)
  try {
    await accessible(page)
    await whole(page)
    calm()
  } catch (fault) {
    fault.message = `${name} ${kind}: ${fault.message}`
    throw fault
  } finally {
    if (shots) await picture(page, `${name}${kind && `-${kind}`}`, !/editor|menu|cell|receipt|dialog|away/.test(name))
  }
}

async function picture(page, file, tall) {
  const { width, height } = page.viewportSize()
  // As tall as the page, so that what sticks to the bottom of a screen stands at its end.
  const high = await page.evaluate(() => document.documentElement.scrollHeight)
  if (tall && width < 500) await page.setViewportSize({ width, height: Math.max(height, high) })
  await page.screenshot({ path: join(shots, `${file}.png`), fullPage: tall })
  await page.setViewportSize({ width, height })
}

const LOOKS = [
  ['', WIDE, 'light'],
  ['dark', WIDE, 'dark'],
  ['phone-dark', PHONE, 'dark'],
  ['phone', PHONE, 'light'],
]

for (const [name, as, path, ready, act] of views) {
  if (only && !only.includes(name)) continue
  const opened = async (options) => {
    // Colours change at once with the theme, or a slow machine is looked at half-way.
    const visitor = await here.visitor(as, { deviceScaleFactor: shots ? 1.5 : 1, reducedMotion: 'reduce', ...options })
    await visitor.page.goto(here.server.url + path)
    await visitor.page.locator(ready).first().waitFor()
    if (act) await act(visitor.page, visitor)
    return visitor
  }
  test(`${name}: light, dark, at the width of a phone`, async () => {
    const visitor = await opened({})
    for (const [kind, size, colorScheme] of LOOKS) {
      await visitor.page.setViewportSize(size)
      await visitor.page.emulateMedia({ colorScheme })
      await looked(visitor.page, name, kind)
    }
    await visitor.close()
  })
  test(`${name}: in English`, async () => {
    const visitor = await opened({ english: true })
    await looked(visitor.page, name, 'english')
    assert.deepEqual(await untranslated(visitor.page), [])
    await visitor.close()
  })
}

/** Words of the page itself that are Vietnamese on an English page; names of places, parties and people are theirs. */
async function untranslated(page) {
  return page.evaluate(() => {
    const ours = 'h1, main h2, button:not(.cell):not(.persona):not(.activity-row):not(.link-button):not(.menu-item), label, legend, th button.sort, summary .hint, .notice'
    const found = []
    for (const element of document.querySelectorAll(ours)) {
      if (element.closest('.monaco-editor, .item, .operation-list ul, .docs, .graph-parts, dialog, .operation h2, article h2')) continue
      const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent).join('')
      if (/[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i.test(text.replace('Tiếng Việt', '').replace('Cam Kết', '').replace('Ngôn ngữ · Language', ''))) found.push(text.trim())
    }
    return found
  })
}

test('the board prints as tables on paper, without what is only for a screen', async () => {
  const visitor = await here.visitor('coordinator')
  const { page } = visitor
  await visitor.open('/console')
  await page.locator('.heat tbody tr').first().waitFor()

  await page.emulateMedia({ media: 'print' })

  assert.equal(await page.locator('.places').isVisible(), false)
  assert.equal(await page.locator('.board-controls').isVisible(), false)
  assert.equal(await page.locator('.heat tbody tr').last().isVisible(), true)
  if (shots) {
    await page.setViewportSize({ width: 1060, height: 750 })
    await page.screenshot({ path: join(shots, 'board-print.png'), fullPage: true })
  }
  calm()
  await visitor.close()
})

test('board, cell and its way out by keyboard alone', async () => {
  const visitor = await here.visitor('coordinator')
  const { page } = visitor
  await visitor.open('/console')
  await page.locator('.heat tbody tr').first().waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip')
  await page.locator('.heat .cell').first().focus()

  await page.keyboard.press('Enter')

  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  for (let n = 0; n < 8; n += 1) {
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null), true)
  }
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains('cell')))
  calm()
  await visitor.close()
})

test('the editor is entered, used and left by keyboard alone', async () => {
  const visitor = await here.visitor('coordinator')
  const { page } = visitor
  await page.goto(`${here.server.url}/console/editor`)
  await page.locator('.editor-box .view-line').first().waitFor()
  await page.locator('.editor-box .graphiql-editor').first().focus()
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TEXTAREA')
  await page.keyboard.press('Control+Enter')
  await page.locator('.result-table').first().waitFor()

  await page.keyboard.press('Escape')

  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'DIV')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.tagName === 'TEXTAREA'), false)
  calm()
  await visitor.close()
})

/** What went over the wire, as it went: bodies and heads, packed. */
async function weigh(as, path, ready) {
  const visitor = await here.visitor(as, { phone: true })
  const { page } = visitor
  const visit = async () => {
    here.server.carried()
    await page.goto(here.server.url + path)
    await page.locator(ready).first().waitFor()
    await page.waitForLoadState('networkidle')
    // The service worker fills its cache after the page has come.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await page.waitForTimeout(500)
    const sum = { files: 0, data: 0 }
    for (const { path: asked, bytes } of here.server.carried()) sum[/^\/console\/(graphql|session|cost)/.test(asked) ? 'data' : 'files'] += bytes
    return sum
  }
  const first = await visit()
  await page.goto('about:blank')
  const second = await visit()
  await visitor.close()
  return { first, second }
}

test('what a page weighs', async (context) => {
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`
  for (const [path, as, ready, most] of [
    ['/work', 'officer', '.work-section', 250],
    ['/console', 'coordinator', '.communes section', 250],
    ['/console/operations', 'coordinator', '.operation-list li', 250],
    ['/console/editor', 'coordinator', '.editor-box .view-line', 2500],
  ]) {
    const { first, second } = await weigh(as, path, ready)
    context.diagnostic(
      `${path}: first ${kilobytes(first.files)} of files and ${kilobytes(first.data)} of answers, then ${kilobytes(second.files)} and ${kilobytes(second.data)}`,
    )
    assert.ok(first.files <= most * 1024, `${path} weighs ${first.files}`)
    // The page itself; the browser may look whether there is a new worker, at a time of its own, each visit.
    assert.ok(second.files <= 6 * 1024, `${path} loads ${second.files} again`)
  }
  calm()
})
