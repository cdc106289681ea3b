// Client-side routes: the address bar is the only state, and links are real links.
import { useEffect, useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react'

const listeners = new Set<() => void>()
const changed = () => listeners.forEach((listener) => listener())
addEventListener('popstate', changed)
addEventListener('hashchange', changed)

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function navigate(to: string, options: { replace?: boolean } = {}) {
  if (options.replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  changed()
  if (!options.replace) scrollTo(0, 0)
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname)
}

export function useHash(): string {
  return useSyncExternalStore(subscribe, () => location.hash)
}

/** The query of the address, and a way to change parts of it without a new entry in the history. */
export function useQuery(): [URLSearchParams, (changes: Record<string, string | null>) => void] {
  const search = useSyncExternalStore(subscribe, () => location.search)
  return [new URLSearchParams(search), changeQuery]
}

function changeQuery(changes: Record<string, string | null>) {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') query.delete(name)
    else query.set(name, value)
  }
  const search = query.toString()
  navigate(location.pathname + (search ? `?${search}` : '') + location.hash, { replace: true })
}

export function Link(props: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const { onClick, ...rest } = props
  function follow(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event)
    const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
    if (event.defaultPrevented || elsewhere || rest.target) return
    event.preventDefault()
    navigate(rest.href)
  }
  return <a {...rest} onClick={follow} />
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Cam Kết`
  }, [title])
}
