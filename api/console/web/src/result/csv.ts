// A table as CSV that Excel opens with its Vietnamese letters whole, and that runs nothing when opened.
import { flatRow, type Row, type Table, type Value } from './flatten'

export type Separator = ',' | ';'

const MARK = '\uFEFF'

export function csv(table: Pick<Table, 'columns' | 'rows'>, separator: Separator = ','): string {
  const line = (cells: string[]) => cells.map((cell) => quoted(cell, separator)).join(separator)
  const lines = [line(table.columns), ...table.rows.map((row) => line(table.columns.map((column) => cell(row, column))))]
  return MARK + lines.join('\r\n') + '\r\n'
}

function cell(row: Row, column: string): string {
  return harmless(plain(row[column]), row[column])
}

/** A value as one text; a nested list as its items with ` | ` between them. */
export function plain(value: Value | undefined): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(item).join(' | ')
  return typeof value === 'object' ? item(value) : String(value)
}

function item(value: Value): string {
  if (value === null || typeof value !== 'object') return plain(value)
  if (Array.isArray(value)) return `[${value.map(item).join(', ')}]`
  return Object.entries(flatRow(value))
    .map(([key, below]) => `${key}: ${plain(below)}`)
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
