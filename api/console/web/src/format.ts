// Numbers and dates as people write them. Quantities come as decimal texts and stay texts: no
// binary fraction ever stands between the ledger and the reader.
import { language } from './language'

/** `12345.5` as `12.345,5` in Vietnamese and `12,345.5` in English. */
export function number(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '') return '–'
  const plain = String(value)
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain)
  if (!parts) return plain
  const [, sign = '', whole = '', fraction] = parts
  const vietnamese = language() === 'vi'
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, vietnamese ? '.' : ',')
  return (sign ? '−' : '') + grouped + (fraction ? (vietnamese ? ',' : '.') + fraction : '')
}

/** Reads what a person typed as a quantity: `1.250,5` and `1,250.5` by the page's language; null if it is none. */
export function parseNumber(typed: string, as: 'vi' | 'en' = language()): string | null {
  const trimmed = typed.trim().replace(/\s/g, '')
  const [group, point] = as === 'vi' ? ['.', ','] : [',', '.']
  const grouped = new RegExp(`^\\d{1,3}(\\${group}\\d{3})+(\\${point}\\d+)?$`)
  const plain = new RegExp(`^\\d+(\\${point}\\d+)?$`)
  if (!grouped.test(trimmed) && !plain.test(trimmed)) return null
  const machine = trimmed.split(group as string).join('').replace(point as string, '.')
  return machine.replace(/^0+(?=\d)/, '')
}

/** A civil date, `2025-12-15`, as `15/12/2025`, in both languages: day first is the custom here. */
export function date(value: string | null | undefined): string {
  const parts = value ? /^(\d{4})-(\d{2})-(\d{2})/.exec(value) : null
  return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : '–'
}

/** An instant by the clock of Vietnam. */
export function instant(value: string | number | Date): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
    .format(new Date(value))
    .replace(',', '')
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

export function today(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date())
}

/** How far `part` of `whole` has come, 0 to 1; null where there is nothing to measure by. */
export function share(part: string | null, whole: string | null): number | null {
  const of = Number(whole ?? 0)
  return of > 0 ? Math.max(0, Math.min(1, Number(part ?? 0) / of)) : null
}

/** Text without case and marks, to search in: `Đồng` is found by `dong`. */
export function folded(value: string): string {
  return value
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')
    .toLowerCase()
}
