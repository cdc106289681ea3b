// Whether a table can be a chart, and what stands on its axes.
import { isNumericColumn, type Row, type Table } from './flatten'

export interface Shape {
  kind: 'bars' | 'line'
  labels: string[]
  values: string[]
  label: string
}

const isDate = (value: unknown) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value)

export function shapeOf(table: Table): Shape | null {
  const { rows, columns } = table
  if (rows.length < 2) return null
  const values = columns.filter((column) => isNumericColumn(rows, column))
  const texts = columns.filter((column) => !values.includes(column) && rows.some((row) => typeof row[column] === 'string'))
  if (!values.length || !texts.length) return null
  const dates = texts.filter((column) => rows.every((row) => row[column] === null || isDate(row[column])))
  const named = texts.filter((column) => /(^|\.)(name|title|label)$/.test(column))
  const plain = texts.filter((column) => !/(^|\.)id$/i.test(column) && !dates.includes(column))
  const label = named[0] ?? plain[0] ?? dates[0] ?? (texts[0] as string)
  const labels = [...new Set([...named, ...plain, ...dates, ...texts])]
  return { kind: dates.includes(label) ? 'line' : 'bars', labels, values, label }
}

export const kindFor = (rows: Row[], label: string): 'bars' | 'line' =>
  rows.every((row) => row[label] === null || isDate(row[label])) ? 'line' : 'bars'

/** Round steps for an axis from 0 (or the least, where something is negative) to at least `most`. */
export function ticks(least: number, most: number, wanted = 5): number[] {
  const low = Math.min(0, least)
  const high = Math.max(most, low + 1)
  const rough = (high - low) / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough
  const from = Math.floor(low / step) * step
  const found: number[] = []
  for (let at = from; at <= high + step * 0.999; at += step) found.push(Number(at.toPrecision(12)))
  return found
}
