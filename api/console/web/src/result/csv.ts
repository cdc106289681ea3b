// A table as CSV that Excel opens with its Vietnamese letters whole, headed as on the page, and that runs
// nothing when opened.
import type { Text } from '../language'
import { flatRow, type Table, type Value } from './flatten'
import { below, codeAt, headingOf } from './names'

export type Separator = ',' | ';'

const MARK = '\uFEFF'

export function csv({ path, columns, rows }: Table, t: Text, separator: Separator = ','): string {
  const line = (cells: string[]) => cells.map((cell) => quoted(cell, separator)).join(separator)
  const cell = (column: string, value: Value | undefined) => harmless(plain(value, below(path, column), t), value)
  const lines = [
    line(columns.map((column) => headingOf(path, column, t))),
    ...rows.map((row) => line(columns.map((column) => cell(column, row[column])))),
  ]
  return MARK + lines.join('\r\n') + '\r\n'
}

/** What stands at a path as one text; a nested list as its items with ` | ` between them. */
export function plain(value: Value | undefined, path: string, t: Text): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map((one) => item(one, path, t)).join(' | ')
  return typeof value === 'object' ? item(value, path, t) : (codeAt(path, String(value), t) ?? String(value))
}

function item(value: Value, path: string, t: Text): string {
  if (value === null || typeof value !== 'object') return plain(value, path, t)
  if (Array.isArray(value)) return `[${value.map((one) => item(one, path, t)).join(', ')}]`
  return Object.entries(flatRow(value))
    .map(([key, inside]) => `${headingOf(path, key, t)}: ${plain(inside, below(path, key), t)}`)
    .join(', ')
}

/** A text that a spreadsheet would take for a formula is marked as a text; numbers stay numbers. */
function harmless(text: string, value: Value | undefined): string {
  const number = typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(text)
  return !number && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

function quoted(text: string, separator: Separator): string {
  return text.includes(separator) || /["\r\n]/.test(text) || text !== text.trim() ? `"${text.replace(/"/g, '""')}"` : text
}
