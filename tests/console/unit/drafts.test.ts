import { beforeEach, describe, expect, test } from 'vitest'
import {
  DraftStore,
  errorsAt,
  errorsElsewhere,
  newDraft,
  pause,
  rowOf,
  settle,
  uuid,
  type Draft,
} from '../../../api/console/web/src/pages/work/drafts'

class Shelf {
  kept = new Map<string, string>()
  getItem(key: string) {
    return this.kept.get(key) ?? null
  }
  setItem(key: string, value: string) {
    this.kept.set(key, value)
  }
}

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `d${index}`, version: 1, title: `row ${index}` }))
const batch = (count: number): Draft => ({ ...newDraft({ owner: 'o', act: 'confirm', title: 't', rows: rows(count) }), state: 'waiting' })
const error = (code: string, ...path: string[]) => ({ code, message: code, path })
const confirmed = (current: { state?: string }) => current.state === 'CONFIRMED'

describe('the shelf of drafts', () => {
  let shelf: Shelf
  let now: number
  let store: DraftStore
  beforeEach(() => {
    shelf = new Shelf()
    now = 1_000_000
    store = new DraftStore(shelf, () => now)
  })

  test('a draft outlives the page', () => {
    const draft = newDraft({ owner: 'o', act: 'dispute', title: 't', rows: rows(1) }, { reason: 'thiếu một' })
    store.put(draft)
    expect(new DraftStore(shelf).all()).toEqual([{ ...draft, changedAt: now }])
  })

  test('what another tab wrote in between is kept', () => {
    const other = new DraftStore(shelf, () => now)
    store.put(batch(1))
    other.put(batch(1))
    store.put(batch(1))
    expect(store.all()).toHaveLength(3)
    expect(other.all()).toHaveLength(3)
  })

  test('its key never changes', () => {
    const draft = batch(1)
    store.put(draft)
    store.put({ ...(store.get(draft.id) as Draft), fields: { reason: 'x' } })
    expect(store.get(draft.id)?.key).toBe(draft.key)
  })

  test('a spoiled shelf is an empty one', () => {
    for (const text of ['', '{', '{"a":1}', '[1,null,{"id":"x"}]']) {
      shelf.setItem('camket.drafts', text)
      expect(new DraftStore(shelf).all()).toEqual([])
    }
  })

  test('what is done is forgotten after a day, what is not done never', () => {
    store.put({ ...batch(1), state: 'done' })
    store.put(batch(1))
    now += 40 * 86_400_000
    store.put(batch(1))
    expect(store.all().map((draft) => draft.state)).toEqual(['waiting', 'waiting'])
  })

  test('reading the same text twice gives the same list', () => {
    store.put(batch(1))
    expect(store.all()).toBe(store.all())
  })
})

describe('what the server said', () => {
  test('without errors it is done', () => {
    const draft = batch(2)
    expect(settle(draft, { errors: [], objects: [] }, confirmed)).toEqual([{ ...draft, state: 'done' }])
  })

  test('a batch comes apart: the rest is done, each refused row stands alone with a new key', () => {
    const draft = batch(3)
    const parts = settle(
      draft,
      {
        errors: [error('WRONG_STATE', 'input', 'deliveries', '1', 'id')],
        objects: [{ id: 'd0', version: 2 }, { id: 'd1', version: 4, state: 'DISPUTED' }, { id: 'd2', version: 2 }],
      },
      confirmed,
    )
    expect(parts.map((part) => [part.state, part.rows.map((row) => row.id)])).toEqual([
      ['done', ['d0', 'd2']],
      ['refused', ['d1']],
    ])
    expect(parts[0]?.key).toBe(draft.key)
    expect(parts[1]?.key).not.toBe(draft.key)
    expect(parts[1]?.current).toMatchObject({ version: 4, state: 'DISPUTED' })
    expect(parts[1]?.errors[0]?.path).toEqual(['input', 'deliveries', '0', 'id'])
  })

  test('a refusal of the whole batch refuses all of it', () => {
    const parts = settle(batch(2), { errors: [error('IDEMPOTENCY_MISMATCH')], objects: [] }, confirmed)
    expect(parts.map((part) => [part.state, part.rows.length])).toEqual([['refused', 2]])
  })

  test('a refused draft keeps its words, its key, and shows what stands there', () => {
    const draft = { ...newDraft({ owner: 'o', act: 'dispute', title: 't', rows: rows(1) }, { reason: 'r', figure: '2' }) }
    const [part] = settle(draft, { errors: [error('STALE_VERSION', 'input', 'expectedVersion')], objects: [{ id: 'd0', version: 7, quantity: '3' }] }, () => false)
    expect(part).toMatchObject({ state: 'refused', key: draft.key, fields: { reason: 'r', figure: '2' }, current: { version: 7, quantity: '3' } })
  })

  test('stale after a send that went unheard, and as it was wanted: it was done then', () => {
    const outcome = { errors: [error('STALE_VERSION', 'input', 'expectedVersion')], objects: [{ id: 'd0', version: 2, state: 'CONFIRMED' }] }
    expect(settle({ ...batch(1), tries: 1 }, outcome, confirmed)[0]?.state).toBe('done')
    expect(settle({ ...batch(1), tries: 0 }, outcome, confirmed)[0]?.state).toBe('refused')
  })
})

test('errors stand at their field or elsewhere, never nowhere', () => {
  const errors = [error('BLANK', 'input', 'reason'), error('OWN_MATTER'), error('STALE_VERSION', 'input', 'expectedVersion')]
  expect(errorsAt(errors, 'reason')).toEqual(['BLANK'])
  expect(errorsElsewhere(errors, ['reason']).map((one) => one.code)).toEqual(['OWN_MATTER', 'STALE_VERSION'])
})

test('rows, pauses and keys', () => {
  expect(rowOf(['input', 'deliveries', '17', 'quantity'])).toBe(17)
  expect(rowOf(['input', 'reason'])).toBeNull()
  expect([1, 2, 3, 9].map(pause)).toEqual([2, 4, 8, 60])
  expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
