// Reads something for a page, again when its inputs or who is asking change, and keeps what was read
// last while it reads anew or cannot.
import { useCallback, useEffect, useRef, useState } from 'react'
import { SignedOut, Unreachable } from '../net'
import { useSession } from '../session'

export interface Load<T> {
  data: T | null
  /** When `data` was read. */
  at: number | null
  loading: boolean
  failed: 'unreachable' | 'refused' | null
  message: string | null
  again: () => void
}

export function useLoad<T>(read: (signal: AbortSignal) => Promise<T>, inputs: unknown[]): Load<T> {
  const { generation } = useSession()
  const [state, setState] = useState<Omit<Load<T>, 'again'>>({
    data: null,
    at: null,
    loading: true,
    failed: null,
    message: null,
  })
  const [round, setRound] = useState(0)
  const key = JSON.stringify(inputs)
  const last = useRef({ generation, read })
  last.current.read = read
  useEffect(() => {
    const controller = new AbortController()
    // Rows of one party are never shown to the next.
    const fresh = last.current.generation !== generation
    last.current.generation = generation
    setState((before) => ({ ...before, ...(fresh ? { data: null, at: null } : {}), loading: true }))
    last.current.read(controller.signal).then(
      (data) => setState({ data, at: Date.now(), loading: false, failed: null, message: null }),
      (error: unknown) => {
        if (controller.signal.aborted) return
        const away = error instanceof Unreachable || error instanceof SignedOut
        setState((before) => ({
          ...before,
          loading: false,
          failed: away ? 'unreachable' : 'refused',
          message: error instanceof Error ? error.message : String(error),
        }))
      },
    )
    return () => controller.abort()
  }, [key, round, generation])
  const again = useCallback(() => setRound((n) => n + 1), [])
  // Back from another tab or back on the network: what is shown may be old.
  useEffect(() => {
    let seen = Date.now()
    const back = () => {
      if (document.visibilityState !== 'visible' || Date.now() - seen < 15_000) return
      seen = Date.now()
      again()
    }
    const online = () => again()
    document.addEventListener('visibilitychange', back)
    addEventListener('online', online)
    return () => {
      document.removeEventListener('visibilitychange', back)
      removeEventListener('online', online)
    }
  }, [again])
  return { ...state, again }
}
