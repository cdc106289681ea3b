// A link that carries an operation and its variables, in the fragment, which no server ever sees.
// Nothing else is read from such a link: no header, no endpoint, no wish to run.

export interface Shared {
  query: string
  variables: string
}

const MOST = 64 * 1024

export function shareHash(shared: Shared): string {
  const bytes = new TextEncoder().encode(JSON.stringify([shared.query, shared.variables]))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return `#o=${btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')}`
}

/** `saved` names the kept operation that the text is of. */
export function editorLink(query: string, variables: Record<string, unknown> = {}, saved?: string): string {
  return `/console/editor${saved ? `?saved=${encodeURIComponent(saved)}` : ''}${shareHash({ query: query.trim() + '\n', variables: JSON.stringify(variables, null, 2) })}`
}

/** What the fragment carries; null where it carries nothing that can be shown. */
export function readShare(hash: string): Shared | null {
  const encoded = /^#o=([A-Za-z0-9_-]+)$/.exec(hash)?.[1]
  if (!encoded || encoded.length > MOST * 2) return null
  try {
    const binary = atob(encoded.replace(/-/g, '+').replace(/_/g, '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (!Array.isArray(value)) return null
    const [query, variables] = value as unknown[]
    if (typeof query !== 'string' || typeof variables !== 'string') return null
    return query.length + variables.length <= MOST ? { query, variables } : null
  } catch {
    return null
  }
}

/** Where to go after signing in: a page of this console and nowhere else. */
export function returnTo(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? ''
  try {
    // Read as a browser would: what looks like a page may lead past it.
    const { origin, pathname, search: query, hash } = new URL(to, HERE)
    const ours = origin === HERE && /^\/(console|work)(\/|$)/.test(pathname) && !pathname.startsWith('/console/sign-in')
    return ours ? pathname + query + hash : '/console'
  } catch {
    return '/console'
  }
}

/** Keeps where to go while somebody is away to sign in with a provider, which leads back to the board. */
export function keepReturn(search: string) {
  // Whoever tries once more after a refusal still wants to go where they wanted.
  if (!new URLSearchParams(search).has('to')) return
  try {
    sessionStorage.setItem(RETURN, returnTo(search))
  } catch {
    // Without a place to keep it they arrive at the board.
  }
}

/** Where they wanted to go, once. */
export function takeReturn(): string | null {
  try {
    const to = sessionStorage.getItem(RETURN)
    sessionStorage.removeItem(RETURN)
    return to
  } catch {
    return null
  }
}

const RETURN = 'camket.return'

/** Stands for wherever this console is. */
const HERE = 'http://here.invalid'
