// What this device keeps for one person and party: favourites and what was run last. No answer, no
// header is ever kept.
import { useCallback, useState } from 'react'
import { ownerOf, useSession } from '../session'
import { uuid } from '../pages/work/drafts'

export interface Ran {
  id: string
  at: number
  name: string
  query: string
  variables: string
  good: boolean
}

const MOST = 100

function read<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(key)
    return text ? (JSON.parse(text) as T) : otherwise
  } catch {
    return otherwise
  }
}

function write(key: string, value: unknown) {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Full or forbidden: it is a convenience, the page works without it.
  }
}

/** A kept list that follows its key: another party at the same page sees its own. */
function useKept<T>(kind: string): [T[], (change: (before: T[]) => T[]) => void] {
  const { session } = useSession()
  const key = `camket.${kind}.${ownerOf(session)}`
  const [held, setHeld] = useState<{ key: string; list: T[] }>(() => ({ key, list: read(key, []) }))
  const list = held.key === key ? held.list : read<T[]>(key, [])
  const change = useCallback(
    (make: (before: T[]) => T[]) => {
      // Read anew: another tab, or another part of this page, may have written.
      const next = make(read(key, []))
      write(key, next)
      setHeld({ key, list: next })
    },
    [key],
  )
  return [list, change]
}

export function useFavourites(): [string[], (name: string) => void] {
  const [names, change] = useKept<string>('favourites')
  const toggle = useCallback(
    (name: string) => change((before) => (before.includes(name) ? before.filter((one) => one !== name) : [...before, name])),
    [change],
  )
  return [names, toggle]
}

export function useHistory(): { ran: Ran[]; note: (run: Omit<Ran, 'id' | 'at'>) => void; clear: () => void } {
  const [ran, change] = useKept<Ran>('history')
  const note = useCallback(
    (run: Omit<Ran, 'id' | 'at'>) =>
      change((before) => {
        const others = before.filter((one) => one.query !== run.query || one.variables !== run.variables)
        return [{ ...run, id: uuid(), at: Date.now() }, ...others].slice(0, MOST)
      }),
    [change],
  )
  const clear = useCallback(() => change(() => []), [change])
  return { ran, note, clear }
}
