// Sends what waits, one after the other, from one tab at a time, and again when there is a network.
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import { text } from '../../language'
import { run, SignedOut, Unreachable, type GraphQLFault } from '../../net'
import { ownerOf, useSession } from '../../session'
import { ACTS, outcome } from './acts'
import { DraftStore, pause, settle, type Draft, type UserError } from './drafts'

const memory = new Map<string, string>()
/** A browser that stores nothing keeps drafts while the page is open. */
function shelf() {
  try {
    localStorage.setItem('camket.probe', '1')
    localStorage.removeItem('camket.probe')
    return localStorage
  } catch {
    return {
      getItem: (key: string) => memory.get(key) ?? null,
      setItem: (key: string, value: string) => void memory.set(key, value),
    }
  }
}

export const store = new DraftStore(shelf())
addEventListener('storage', store.changed)

let timer: ReturnType<typeof setTimeout> | undefined
const sent = new Set<() => void>()

/** Alone among this browser's tabs; where tabs cannot agree, the keys still keep an act from being done twice. */
function alone(work: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return work()
  return navigator.locks.request('camket.outbox', { ifAvailable: true }, (lock) =>
    lock ? work() : later(3),
  ) as Promise<void>
}

async function later(seconds: number) {
  clearTimeout(timer)
  timer = setTimeout(() => wake?.(), seconds * 1000)
}
let wake: (() => void) | undefined

export async function flush(owner: string): Promise<void> {
  let any = false
  await alone(async () => {
    for (;;) {
      const draft = store.all().find((one) => one.owner === owner && one.state === 'waiting')
      if (!draft) return
      if (!(await send(draft))) return
      any = true
    }
  })
  if (any) sent.forEach((listener) => listener())
}

/** Whether it was judged; if not, it waits on. */
async function send(draft: Draft): Promise<boolean> {
  const act = ACTS[draft.act]
  if (!act) {
    store.put({ ...draft, state: 'refused', errors: [unknown(text('Bản nháp này không còn gửi được.', 'This draft can no longer be sent.'))] })
    return true
  }
  // Noted before it leaves: should the page die now, it is known that the server may have it.
  store.put({ ...draft, tries: draft.tries + 1 })
  try {
    const answer = await run<Parameters<typeof outcome>[0] & object>({ query: act.query, variables: { input: act.input(draft) } })
    const judged = outcome(answer.data)
    if (!judged) return fault(draft, answer.errors ?? [])
    // It may have been taken back while it was on its way; what the server says counts.
    store.remove(draft.id)
    for (const part of settle({ ...draft, tries: draft.tries }, judged, act.goal)) store.put(part)
    return true
  } catch (error) {
    if (error instanceof SignedOut) return notSent(draft)
    if (error instanceof Unreachable) {
      await later(error.retryAfter ?? pause(draft.tries + 1))
      return false
    }
    store.put({ ...draft, state: 'refused', errors: [unknown(error instanceof Error ? error.message : String(error))] })
    return true
  }
}

async function fault(draft: Draft, errors: GraphQLFault[]): Promise<boolean> {
  const code = errors[0]?.extensions?.code
  if (code === 'UNAVAILABLE' || code === 'TIMEOUT' || code === 'INTERNAL_SERVER_ERROR') {
    await later(pause(draft.tries + 1))
    return false
  }
  store.put({
    ...draft,
    state: 'refused',
    errors: errors.map((error) => ({ code: code ?? '', message: error.message, path: (error.path ?? []).map(String) })),
  })
  return true
}

/** The server refused to know who asks: nothing was done. */
function notSent(draft: Draft): boolean {
  store.put(draft)
  return false
}

const unknown = (message: string): UserError => ({ code: '', message, path: [] })

export interface Outbox {
  drafts: Draft[]
  save: (draft: Draft) => void
  submit: (draft: Draft) => void
  discard: (draft: Draft) => void
  retry: () => void
}

export function useOutbox(onSent: () => void): Outbox {
  const { session, generation, expired } = useSession()
  const owner = ownerOf(session)
  const all = useSyncExternalStore(store.subscribe, () => store.all())
  const drafts = useMemo(() => all.filter((draft) => draft.owner === owner), [all, owner])
  const looking = session.viewAs !== null
  const go = useCallback(() => {
    if (!looking) void flush(owner)
  }, [owner, looking])

  useEffect(() => {
    wake = go
    sent.add(onSent)
    addEventListener('online', go)
    document.addEventListener('visibilitychange', go)
    return () => {
      if (wake === go) wake = undefined
      sent.delete(onSent)
      removeEventListener('online', go)
      document.removeEventListener('visibilitychange', go)
    }
  }, [go, onSent])
  useEffect(() => {
    if (!expired) go()
  }, [go, generation, expired])

  return {
    drafts,
    save: (draft) => store.put({ ...draft, state: 'writing' }),
    submit: (draft) => {
      store.put({ ...draft, state: 'waiting', errors: [], current: null })
      go()
    },
    discard: (draft) => store.remove(draft.id),
    retry: go,
  }
}
