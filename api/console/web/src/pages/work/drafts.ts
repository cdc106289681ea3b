// What was begun on this device and is not done yet: a text being written, a decision that waits for
// the network, one that the server refused. A draft keeps one idempotency key for its whole life, so
// that it takes effect once, however often it is sent.

export interface UserError {
  code: string
  message: string
  path: string[]
}

export interface DraftRow {
  id: string
  version: number
  title: string
}

export type DraftState = 'writing' | 'waiting' | 'refused' | 'done'

export interface Draft {
  id: string
  /** Whose it is: somebody else at this device never sees or sends it. */
  owner: string
  act: string
  key: string
  state: DraftState
  title: string
  rows: DraftRow[]
  fields: Record<string, string>
  errors: UserError[]
  /** The object as it stands on the server, where it changed since it was read. */
  current: Current | null
  /** How often it was sent without hearing the end: the server may have done it. */
  tries: number
  changedAt: number
}

export interface Current {
  id: string
  version: number
  state?: string
  status?: string
  quantity?: string | null
  received?: string | null
}

interface Shelf {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KEY = 'camket.drafts'
const DAY = 86_400_000

/** All drafts of this device. Every change reads first what another tab may have written. */
export class DraftStore {
  private listeners = new Set<() => void>()
  private shown: { text: string | null; drafts: Draft[] } = { text: null, drafts: [] }

  constructor(
    private shelf: Shelf,
    private now: () => number = Date.now,
  ) {}

  all(): Draft[] {
    const text = this.shelf.getItem(KEY)
    if (text !== this.shown.text) this.shown = { text, drafts: read(text) }
    return this.shown.drafts
  }

  get(id: string): Draft | undefined {
    return this.all().find((draft) => draft.id === id)
  }

  put(draft: Draft) {
    const others = this.all().filter((one) => one.id !== draft.id && !this.old(one))
    this.write([...others, { ...draft, changedAt: this.now() }])
  }

  remove(id: string) {
    this.write(this.all().filter((draft) => draft.id !== id))
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** For the `storage` event: another tab has written. */
  changed = () => this.listeners.forEach((listener) => listener())

  /** What is done is told for a day; what is not done is kept until somebody ends it. */
  private old(draft: Draft): boolean {
    return draft.state === 'done' && this.now() - draft.changedAt > DAY
  }

  private write(drafts: Draft[]) {
    this.shelf.setItem(KEY, JSON.stringify(drafts))
    this.changed()
  }
}

function read(text: string | null): Draft[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(isDraft) : []
  } catch {
    return []
  }
}

function isDraft(value: unknown): value is Draft {
  const draft = value as Partial<Draft> | null
  return (
    typeof draft === 'object' &&
    draft !== null &&
    [draft.id, draft.owner, draft.act, draft.key, draft.state, draft.title].every((one) => typeof one === 'string') &&
    Array.isArray(draft.rows) &&
    Array.isArray(draft.errors) &&
    typeof draft.fields === 'object'
  )
}

export function newDraft(about: Pick<Draft, 'owner' | 'act' | 'title' | 'rows'>, fields: Record<string, string> = {}): Draft {
  return {
    ...about,
    id: uuid(),
    key: uuid(),
    state: 'writing',
    fields,
    errors: [],
    current: null,
    tries: 0,
    changedAt: 0,
  }
}

export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** What one sending came to. */
export interface Outcome {
  errors: UserError[]
  /** The changed objects, by the position of their rows; null where a row was refused or may not be seen. */
  objects: (Current | null)[]
}

/**
 * The drafts that stand in a draft's place after the server has judged it. A batch comes apart: what
 * was done is done, and each refused row is a draft of its own, with a key of its own, that somebody
 * decides on again.
 */
export function settle(draft: Draft, outcome: Outcome, goal: (current: Current) => boolean): Draft[] {
  if (!outcome.errors.length) return [{ ...draft, state: 'done', errors: [], current: null }]
  const refusedRows = new Map<number, UserError[]>()
  const general: UserError[] = []
  for (const error of outcome.errors) {
    const row = draft.rows.length > 1 ? rowOf(error.path) : null
    if (row === null || !draft.rows[row]) general.push(error)
    else refusedRows.set(row, [...(refusedRows.get(row) ?? []), error])
  }
  if (general.length || draft.rows.length <= 1) {
    const current = outcome.objects[0] ?? null
    const stale = outcome.errors.some((error) => error.code === 'STALE_VERSION')
    // Sent before without hearing the end, and now it stands as it was wanted: it was done then.
    if (stale && draft.tries > 0 && current && goal(current)) {
      return [{ ...draft, state: 'done', errors: [], current: null }]
    }
    return [{ ...draft, state: 'refused', errors: outcome.errors, current: draft.rows.length === 1 ? current : null, tries: 0 }]
  }
  const parts: Draft[] = []
  const done = draft.rows.filter((_, index) => !refusedRows.has(index))
  if (done.length) parts.push({ ...draft, rows: done, state: 'done', errors: [], current: null })
  for (const [index, errors] of refusedRows) {
    const row = draft.rows[index] as DraftRow
    const current = outcome.objects[index] ?? null
    const was = errors.some((error) => error.code === 'STALE_VERSION') && draft.tries > 0 && current && goal(current)
    const part = newDraft({ owner: draft.owner, act: draft.act, title: row.title, rows: [row] }, draft.fields)
    parts.push(
      was
        ? { ...part, state: 'done' }
        : { ...part, state: 'refused', errors: errors.map((error) => ({ ...error, path: firstRow(error.path) })), current },
    )
  }
  return parts
}

/** `["input","deliveries","17","quantity"]` is about row 17. */
export function rowOf(path: string[]): number | null {
  const number = path.find((step) => /^\d+$/.test(step))
  return number === undefined ? null : Number(number)
}

const firstRow = (path: string[]) => path.map((step) => (/^\d+$/.test(step) ? '0' : step))

/** What was refused at one field of the form. */
export function errorsAt(errors: UserError[], field: string): string[] {
  return errors.filter((error) => error.path.at(-1) === field).map((error) => error.message)
}

/** What was refused at none of the form's fields. */
export function errorsElsewhere(errors: UserError[], fields: string[]): UserError[] {
  return errors.filter((error) => !fields.includes(error.path.at(-1) ?? ''))
}

/** Seconds until the next try: 2, 4, 8 … 60. */
export function pause(tries: number): number {
  return Math.min(60, 2 ** Math.max(1, tries))
}
