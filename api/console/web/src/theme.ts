// Light, dark, or as the system says. The choice is an attribute of the root that the style sheet reads.
import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'camket.theme'
const dark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()
let current: Theme = 'system'

export function startTheme() {
  try {
    const kept = localStorage.getItem(KEY)
    current = kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    current = 'system'
  }
  apply()
  dark.addEventListener('change', () => listeners.forEach((listener) => listener()))
}

export function setTheme(next: Theme) {
  current = next
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // Nothing is stored here; the choice holds until the page is closed.
  }
  apply()
  listeners.forEach((listener) => listener())
}

function apply() {
  if (current === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.dataset.theme = current
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => current)
}

/** What is on the screen, whoever chose it. */
export function useShownTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, () =>
    current === 'system' ? (dark.matches ? 'dark' : 'light') : current,
  )
}
