// An answer as tables: connections become their rows, nested objects become columns, nested lists stay
// in their cell and open there.

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value }
export type Row = Record<string, Value>

export interface Table {
  /** Where it stands in the answer, such as `place.promised`. */
  path: string
  columns: string[]
  rows: Row[]
}

const isObject = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The rows of a list or a connection; null for anything else. */
export function listOf(value: Value | undefined): Value[] | null {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return null
  if (Array.isArray(value.nodes)) return value.nodes
  if (Array.isArray(value.edges)) {
    return value.edges.map((edge) => {
      if (!isObject(edge) || !isObject(edge.node)) return isObject(edge) && 'node' in edge ? (edge.node ?? null) : edge
      const { node, cursor: _, ...rest } = edge
      return { ...rest, ...(node as { [key: string]: Value }) }
    })
  }
  return null
}

/** Whether a list has rows of its own rather than plain values. */
export function hasRows(list: Value[]): boolean {
  return list.some((item) => isObject(item))
}

/** Every list of the answer that is not inside another list; an answer without any is one row per field. */
export function tables(data: Value | undefined): Table[] {
  const found: { path: string; items: Value[] }[] = []
  const single: { path: string; items: Value[] }[] = []
  walk(data ?? null, '', found)
  if (!found.length && isObject(data)) {
    for (const [key, value] of Object.entries(data)) if (isObject(value)) single.push({ path: key, items: [value] })
    if (!single.length && Object.keys(data).length) single.push({ path: '', items: [data] })
  }
  return [...found, ...single].map(({ path, items }) => {
    const rows = items.map((item) => flatRow(item))
    return { path, rows, columns: columnsOf(rows) }
  })
}

function walk(value: Value, path: string, found: { path: string; items: Value[] }[]) {
  const list = listOf(value)
  if (list) {
    if (!list.length || hasRows(list)) found.push({ path, items: list })
    return
  }
  if (!isObject(value)) return
  for (const [key, below] of Object.entries(value)) walk(below, path ? `${path}.${key}` : key, found)
}

/** One object as a row: `giver.name` for what is nested, lists as they are. */
export function flatRow(item: Value): Row {
  const row: Row = {}
  if (!isObject(item)) return { value: item }
  flatten(item, '', row)
  return row
}

function flatten(item: { [key: string]: Value }, prefix: string, row: Row) {
  for (const [key, value] of Object.entries(item)) {
    const name = prefix + key
    const list = listOf(value)
    if (list) row[name] = list
    else if (isObject(value)) flatten(value, `${name}.`, row)
    else row[name] = value
  }
}

/** The columns of all rows; where an object is null in one row and there in another, its columns stand alone. */
export function columnsOf(rows: Row[]): string[] {
  const seen = new Set<string>()
  for (const row of rows) for (const column of Object.keys(row)) seen.add(column)
  const columns = [...seen]
  return columns.filter(
    (column) =>
      !columns.some((other) => other.startsWith(`${column}.`)) || rows.some((row) => row[column] !== null && row[column] !== undefined),
  )
}

/** A number as the graph writes them: not a code with a leading zero, not an id. */
export function isNumeric(value: Value | undefined): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value))
}

export function isNumericColumn(rows: Row[], column: string): boolean {
  let any = false
  for (const row of rows) {
    const value = row[column]
    if (value === null || value === undefined) continue
    if (!isNumeric(value)) return false
    any = true
  }
  return any && !/(^|\.)(code|version|id|position|expectedVersion)$/i.test(column)
}

/** A total order for one column: numbers as numbers, texts as Vietnamese sorts them, nothing last. */
export function compare(a: Value | undefined, b: Value | undefined): number {
  const emptyA = a === null || a === undefined
  const emptyB = b === null || b === undefined
  if (emptyA || emptyB) return emptyA && emptyB ? 0 : emptyA ? 1 : -1
  if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b)
  if (Array.isArray(a) && Array.isArray(b)) return a.length - b.length
  return String(a).localeCompare(String(b), 'vi')
}

export function sorted(rows: Row[], column: string, down: boolean): Row[] {
  return [...rows].sort((a, b) => {
    const order = compare(a[column], b[column])
    const empty = (row: Row) => row[column] === null || row[column] === undefined
    // What is empty stays last in both directions.
    return empty(a) || empty(b) ? order : down ? -order : order
  })
}
