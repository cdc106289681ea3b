// Who is signed in, for which party, and what happens when that ends. A page never loses what was
// typed: when the session ends a dialog stands over the page, which stays as it is.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { get, onSignedOut, post } from './net'

export interface PartyName {
  id: string
  code: string
  name: string
}

export interface OwnParty extends PartyName {
  role: 'VIEWER' | 'REPORTER' | 'MANAGER'
  isCoordinator?: boolean
}

export interface Persona {
  subject: string
  label: string
  party: string | null
  /** For which party: a person may be there once for each of theirs. */
  partyId?: string | null
  role: string | null
}

/** How somebody signs in on a demonstration. */
export type Way = { link: string } | { persona: string; party?: string }

export interface Session {
  signedIn: boolean
  /** Who it is, the same for ever whatever they are called; null where nobody is. */
  subject?: string | null
  label: string | null
  dev: boolean
  personas?: Persona[]
  party: OwnParty | null
  parties: OwnParty[]
  expiresAt: string | null
  viewAs: { party: PartyName; reason: string; until: string } | null
  providers: { name: string; url: string }[]
}

interface Held {
  session: Session
  /** True once the session ended under an open page. */
  expired: boolean
  /** Grows whenever who is asking has changed: pages read again. */
  generation: number
  reload: () => Promise<Session>
  signIn: (how: Way) => Promise<void>
  signOut: () => Promise<void>
  actFor: (party: string) => Promise<void>
  viewAs: (party: string, reason: string) => Promise<void>
  endViewAs: () => Promise<void>
}

const Context = createContext<Held | null>(null)

export function useSession(): Held {
  const held = useContext(Context)
  if (!held) throw new Error('no session around this component')
  return held
}

/** Who is asking; nobody for a session without a person. */
export function personOf(session: Session): string {
  return session.subject ?? ''
}

/** Whose drafts are whose: never the next person's at this machine, never another party's. */
export function ownerOf(session: Session): string {
  return `${personOf(session)}|${session.party?.id ?? ''}`
}

export function identity(session: Session): string {
  return [session.signedIn, personOf(session), session.party?.id, session.viewAs?.party.id].join('|')
}

export function loadSession(): Promise<Session> {
  return get<Session>('/console/session')
}

export function SessionProvider({ first, children }: { first: Session; children: ReactNode }) {
  const [session, setSession] = useState(first)
  const [expired, setExpired] = useState(false)
  const [generation, setGeneration] = useState(0)

  const take = useCallback((next: Session) => {
    setSession((before) => {
      if (identity(before) !== identity(next)) setGeneration((n) => n + 1)
      return next
    })
    return next
  }, [])

  const reload = useCallback(async () => {
    const next = await loadSession()
    setExpired((was) => was && !next.signedIn)
    // A session that ended keeps its page: the dialog asks, the page does not change.
    if (next.signedIn) take(next)
    return next
  }, [take])

  useEffect(() => {
    const stop = onSignedOut(() => setExpired(true))
    return () => void stop()
  }, [])

  // Seen early rather than at the next click: when the time is over, ask the server.
  useEffect(() => {
    if (!session.expiresAt) return
    const left = Date.parse(session.expiresAt) - Date.now()
    if (left > 2 ** 31 - 1) return
    const timer = setTimeout(
      () => loadSession().then((next) => (next.signedIn ? take(next) : setExpired(true)), () => undefined),
      Math.max(1000, left + 1000),
    )
    return () => clearTimeout(timer)
  }, [session.expiresAt, take])

  // Likewise the end of viewing as another party.
  useEffect(() => {
    if (!session.viewAs) return
    const left = Date.parse(session.viewAs.until) - Date.now()
    const timer = setTimeout(() => void reload().catch(() => undefined), Math.max(1000, left + 1000))
    return () => clearTimeout(timer)
  }, [session.viewAs, reload])

  const held = useMemo<Held>(
    () => ({
      session,
      expired,
      generation,
      reload,
      async signIn(how) {
        await post('/console/session/dev', how)
        await reload()
      },
      async signOut() {
        await post('/console/session/end', {})
        take(await loadSession())
        setExpired(false)
      },
      async actFor(party) {
        await post('/console/session/party', { party })
        await reload()
      },
      async viewAs(party, reason) {
        await post('/console/view-as', { party, reason })
        await reload()
      },
      async endViewAs() {
        await post('/console/view-as/end', {})
        await reload()
      },
    }),
    [session, expired, generation, reload, take],
  )
  return <Context value={held}>{children}</Context>
}
