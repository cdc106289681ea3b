import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Text } from '../../../api/console/web/src/language'
import { columnsOf, flatRow, hasRows, tables, type Table, type Value } from '../../../api/console/web/src/result/flatten'
import { EVENTS } from '../../../api/console/web/src/result/events'
import { codeAt, headingOf } from '../../../api/console/web/src/result/names'

const vi: Text = (vietnamese) => vietnamese
const en: Text = (_, english) => english

// Texts of a tool or of a message beside them, not values of an enum with a term.
const CODES_KEPT = /\.(changes\.kind|userErrors\.code)$/

/** A table and all tables in its cells. */
function* opened(table: Table): Generator<Table> {
  yield table
  for (const column of table.columns) {
    for (const { [column]: value } of table.rows) {
      if (!Array.isArray(value) || !hasRows(value)) continue
      const rows = value.map((item) => flatRow(item))
      yield* opened({ path: `${table.path}.${column}`, rows, columns: columnsOf(rows) })
    }
  }
}

describe('names of an answer', () => {
  const folder = new URL('../../../docs/operations/', import.meta.url)
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const answers = files.map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')).answer as Value)

  test('no operation of the product shows a raw name or code', () => {
    const all = answers.flatMap((answer) => tables(answer).flatMap((table) => [...opened(table)]))
    expect(all.length).toBeGreaterThan(60)
    for (const { path, columns, rows } of all) {
      for (const column of columns) {
        const names = column.split('.')
        const heading = headingOf(path, column, vi).split(' · ')
        expect(heading, `${path}.${column}`).toHaveLength(names.length)
        heading.forEach((word, index) => expect(word.toLowerCase(), `${path}.${column}`).not.toBe(names[index]?.toLowerCase()))
        for (const { [column]: value } of rows) {
          if (typeof value !== 'string' || !/^[A-Z]+(_[A-Z]+)*$/.test(value) || CODES_KEPT.test(`${path}.${column}`)) continue
          if (/(^|\.)code$/.test(column)) continue
          expect(codeAt(`${path}.${column}`, value, vi), `${path}.${column} ${value}`).not.toBeNull()
        }
      }
    }
  })
  test('are terms of the fields as they stand there', () => {
    expect(headingOf('board', 'promised', vi)).toBe('Đã cam kết')
    expect(headingOf('place', 'promised', vi)).toBe('Các cam kết dành cho địa bàn này')
    expect(headingOf('party.owes', 'place.name', vi)).toBe('Địa bàn thụ hưởng · tên đầy đủ')
    // Only some parties have it, and only the edge of a connection.
    expect(headingOf('parties', 'sector', vi)).toBe('Lĩnh vực')
    expect(headingOf('party.owes', 'ofPredecessor', vi)).toBe('Của đơn vị tiền nhiệm')
    expect(headingOf('', 'place.promised', vi)).toBe('Một đơn vị hành chính · các cam kết dành cho địa bàn này')
    expect(headingOf('events', 'recordedAt', vi)).toBe('Thời điểm ghi nhận')
    expect(headingOf('events', 'event.recordedAt', vi)).toBe('Sự kiện · thời điểm ghi nhận')
    expect(headingOf('board', 'place.name', en)).toBe('place.name')
  })
  test('stay where the schema does not know them', () => {
    expect(headingOf('place', 'vtdm_coverage.level', vi)).toBe('Vtdm_coverage · cấp')
    expect(headingOf('mine', 'giver.name', vi)).toBe('Bên cam kết chính · tên')
    expect(headingOf('mine', 'constructor', vi)).toBe('Constructor')
    expect(headingOf('', 'value', vi)).toBe('Value')
  })
  test('codes are words where they are codes', () => {
    expect(codeAt('party.owes.health', 'ON_TRACK', vi)).toBe('Đúng tiến độ')
    expect(codeAt('party.owes.health', 'ON_TRACK', en)).toBe('On track')
    expect(codeAt('party.owes.health', 'constructor', vi)).toBeNull()
    expect(codeAt('party.code', 'BANK', vi)).toBeNull()
  })
  test('every type of an event has a word', () => {
    const table = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8')
    const types = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, type]) => type)
    expect(types.length).toBeGreaterThan(60)
    expect(Object.keys(EVENTS)).toEqual(types)
  })
})
