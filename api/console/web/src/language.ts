// The language of the page: Vietnamese, or English at a click. Both texts stand side by side where
// they are used, `t('Bảng tổng hợp', 'Board')`, so that neither is forgotten and nothing is looked up.
import { useSyncExternalStore } from 'react'

export type Language = 'vi' | 'en'
export type Text = (vietnamese: string, english: string) => string

const KEY = 'camket.language'
const listeners = new Set<() => void>()
let current: Language = read()

function read(): Language {
  try {
    return localStorage.getItem(KEY) === 'en' ? 'en' : 'vi'
  } catch {
    return 'vi'
  }
}

export function language(): Language {
  return current
}

export function setLanguage(next: Language) {
  current = next
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // A browser that stores nothing still shows the language until the page is closed.
  }
  document.documentElement.lang = next
  listeners.forEach((listener) => listener())
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useLanguage(): Language {
  return useSyncExternalStore(onLanguage, language)
}

/** For code outside components: the text in the language of this moment. */
export const text: Text = (vietnamese, english) => (current === 'vi' ? vietnamese : english)

export function useText(): Text {
  return useLanguage() === 'vi' ? vietnameseOf : englishOf
}

const vietnameseOf: Text = (vietnamese) => vietnamese
const englishOf: Text = (_, english) => english
