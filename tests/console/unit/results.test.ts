import { describe, expect, test } from 'vitest'
import { csv, plain } from '../../../api/console/web/src/result/csv'
import { columnsOf, flatRow, isNumericColumn, listOf, sorted, tables } from '../../../api/console/web/src/result/flatten'
import { refusals, variableOf } from '../../../api/console/web/src/result/faults'
import type { Text } from '../../../api/console/web/src/language'
import { shapeOf, ticks } from '../../../api/console/web/src/result/shape'

const vi: Text = (vietnamese) => vietnamese
const en: Text = (_, english) => english

describe('an answer as tables', () => {
  test('a connection becomes its rows, nested objects become columns', () => {
    const [table, ...others] = tables({
      commitments: {
        totalCount: 2,
        nodes: [
          { id: 'a', giver: { code: 'X', name: 'Ngân hàng' }, progress: { confirmed: '1.5' } },
          { id: 'b', giver: null, progress: { confirmed: '2' } },
        ],
      },
    })
    expect(others).toEqual([])
    expect(table?.path).toBe('commitments')
    expect(table?.columns).toEqual(['id', 'giver.code', 'giver.name', 'progress.confirmed'])
    expect(table?.rows[1]).toEqual({ id: 'b', giver: null, 'progress.confirmed': '2' })
  })

  test('edges keep what stands beside the node', () => {
    const list = listOf({ edges: [{ cursor: 'x', ofPredecessor: true, node: { id: 'a' } }] })
    expect(list).toEqual([{ ofPredecessor: true, id: 'a' }])
  })

  test('a list inside a row stays in its cell', () => {
    const row = flatRow({ place: 'P', givers: [{ giver: { name: 'G' } }], deliveries: { nodes: [{ id: 1 }] } })
    expect(row).toEqual({ place: 'P', givers: [{ giver: { name: 'G' } }], deliveries: [{ id: 1 }] })
  })

  test('several lists are several tables, lists of plain values are none', () => {
    const found = tables({ place: { aliases: ['a', 'b'], promised: { nodes: [] }, arrived: { nodes: [{ id: 1 }] } } })
    expect(found.map((table) => table.path)).toEqual(['place.promised', 'place.arrived'])
  })

  test('an answer without a list is one row', () => {
    const [table] = tables({ viewer: { role: 'MANAGER', party: { code: 'A' } } })
    expect(table?.rows).toEqual([{ role: 'MANAGER', 'party.code': 'A' }])
  })

  test('nothing at all is no table', () => {
    expect(tables(null)).toEqual([])
    expect(tables(undefined)).toEqual([])
    expect(tables({})).toEqual([])
  })

  test('an object that is null in every row keeps its column', () => {
    expect(columnsOf([{ a: null }, { a: null }])).toEqual(['a'])
  })
})

describe('sorting', () => {
  const rows = [{ n: '10' }, { n: '9.5' }, { n: null }, { n: '-1' }]
  test('numbers sort as numbers and nothing stays last both ways', () => {
    expect(sorted(rows, 'n', false).map((row) => row.n)).toEqual(['-1', '9.5', '10', null])
    expect(sorted(rows, 'n', true).map((row) => row.n)).toEqual(['10', '9.5', '-1', null])
  })
  test('a code with a leading zero is no number', () => {
    expect(isNumericColumn([{ code: '02014' }], 'code')).toBe(false)
    expect(isNumericColumn([{ place: '02014' }], 'place')).toBe(false)
    expect(isNumericColumn([{ quantity: '2014' }, { quantity: null }], 'quantity')).toBe(true)
    expect(isNumericColumn([{ quantity: null }], 'quantity')).toBe(false)
  })
})

describe('CSV', () => {
  test('begins with the mark that Excel reads and ends its lines as CSV does', () => {
    expect(csv({ path: '', columns: ['tên'], rows: [{ tên: 'Xã Bạch Thông' }] }, vi)).toBe('\uFEFFTên\r\nXã Bạch Thông\r\n')
  })
  test('quotes what would break a line', () => {
    const text = csv({ path: '', columns: ['a', 'b'], rows: [{ a: 'x, y', b: 'say "no"\nnow' }] }, vi)
    expect(text).toBe('\uFEFFA,B\r\n"x, y","say ""no""\nnow"\r\n')
    expect(csv({ path: '', columns: ['a'], rows: [{ a: 'x, y;z' }] }, vi, ';')).toBe('\uFEFFA\r\n"x, y;z"\r\n')
  })
  test('runs no formula', () => {
    const cells = ['=1+1', '+84912', '@SUM(A1)', '-2+3', '\t=1']
    for (const cell of cells) {
      const line = csv({ path: '', columns: ['a'], rows: [{ a: cell }] }, vi).split('\r\n')[1] as string
      expect(/^"?[=+@-]/.test(line)).toBe(false)
    }
  })
  test('leaves numbers as numbers, negative ones too', () => {
    expect(csv({ path: '', columns: ['a'], rows: [{ a: '-5.25' }, { a: -3 }] }, vi)).toBe('\uFEFFA\r\n-5.25\r\n-3\r\n')
  })
  test('writes nested rows as one text', () => {
    const givers = [{ giver: { name: 'A' }, promised: '1' }, { giver: { name: 'B' }, promised: '2' }]
    expect(plain(givers, 'board.givers', vi)).toBe('Bên cam kết · tên: A, Đã cam kết: 1 | Bên cam kết · tên: B, Đã cam kết: 2')
    expect(plain(givers, 'board.givers', en)).toBe('giver.name: A, promised: 1 | giver.name: B, promised: 2')
    expect(plain(null, 'board', vi)).toBe('')
    expect(plain(['a', 'b'], 'place.aliases', vi)).toBe('a | b')
  })
  test('is headed as the table on the page', () => {
    const table = { path: 'party.owes', columns: ['place.name', 'health'], rows: [{ 'place.name': 'Xã Bạch Thông', health: 'OVERDUE' }] }
    expect(csv(table, vi)).toBe('\uFEFFĐịa bàn thụ hưởng · tên đầy đủ,Tình trạng tiến độ\r\nXã Bạch Thông,Quá hạn\r\n')
    expect(csv(table, en)).toBe('\uFEFFplace.name,health\r\nXã Bạch Thông,Overdue\r\n')
  })
})

describe('charts', () => {
  test('names and numbers make bars', () => {
    const [table] = tables({ board: [{ place: { name: 'A' }, confirmed: '1' }, { place: { name: 'B' }, confirmed: '2' }] })
    expect(table && shapeOf(table)).toMatchObject({ kind: 'bars', label: 'place.name', values: ['confirmed'] })
  })
  test('days and numbers make a line', () => {
    const [table] = tables({ days: [{ day: '2025-01-01', n: 1 }, { day: '2025-01-02', n: 3 }] })
    expect(table && shapeOf(table)).toMatchObject({ kind: 'line', label: 'day' })
  })
  test('without numbers, names or a second row there is none', () => {
    expect(shapeOf({ path: '', columns: ['a'], rows: [{ a: 'x' }, { a: 'y' }] })).toBeNull()
    expect(shapeOf({ path: '', columns: ['a'], rows: [{ a: '1' }, { a: '2' }] })).toBeNull()
    expect(shapeOf({ path: '', columns: ['a', 'b'], rows: [{ a: 'x', b: '1' }] })).toBeNull()
  })
  test('an axis has round steps that cover the figures', () => {
    expect(ticks(0, 97)).toEqual([0, 20, 40, 60, 80, 100])
    expect(ticks(-3, 3).at(0)).toBeLessThanOrEqual(-3)
    expect(ticks(0, 0)[0]).toBe(0)
  })
})

describe('refusals', () => {
  test('are found in every payload', () => {
    const data = { a: { userErrors: [{ code: 'BLANK', message: 'trống', path: ['input', 'reason'], params: [] }] }, b: { userErrors: [] }, c: null }
    expect(refusals(data)).toEqual([{ field: 'a', code: 'BLANK', message: 'trống', path: ['input', 'reason'] }])
  })
  test('a fault of a variable names it', () => {
    expect(variableOf({ message: 'variable $filter: BoardFilter has no field x' })).toBe('filter')
    expect(variableOf({ message: 'Unknown field' })).toBeNull()
  })
})
