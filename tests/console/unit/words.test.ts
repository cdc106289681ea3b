import { describe, expect, test } from 'vitest'
import { date, daysBetween, folded, number, parseNumber, share } from '../../../api/console/web/src/format'
import { labelOf, parseType, pickerFor } from '../../../api/console/web/src/form/types'
import { period, pivot, tone, type BoardCell } from '../../../api/console/web/src/pages/board/pivot'
import { curl, python, typescript } from '../../../api/console/web/src/pages/editor/code'
import { escapeDescriptions } from '../../../api/console/web/src/pages/editor/schema'
import { findVariable, pathOfRefusal, prepare } from '../../../api/console/web/src/pages/editor/text'
import { toggleArgument, toggleSelection } from '../../../api/console/web/src/pages/editor/explorer-tree'
import { readShare, returnTo, shareHash } from '../../../api/console/web/src/share'
import { buildSchema, type GraphQLArgument, type OperationTypeNode } from '../../../api/console/web/node_modules/graphql'
import { execFileSync } from 'node:child_process'

describe('numbers and dates', () => {
  test('are written as people write them, digit for digit', () => {
    expect(number('1234567.50')).toBe('1.234.567,50')
    expect(number('-20')).toBe('−20')
    expect(number('12345678901234567890')).toBe('12.345.678.901.234.567.890')
    expect(number(null)).toBe('–')
    expect(number('abc')).toBe('abc')
  })
  test('are read in the language of the page, or not at all', () => {
    expect(parseNumber('1.250,5', 'vi')).toBe('1250.5')
    expect(parseNumber('1,250.5', 'en')).toBe('1250.5')
    expect(parseNumber(' 007 ', 'vi')).toBe('7')
    for (const typed of ['', '1.5', '1.25.000', '-3', '1e3', 'mười', '1,5,5']) expect(parseNumber(typed, 'vi')).toBeNull()
  })
  test('days', () => {
    expect(date('2025-12-15')).toBe('15/12/2025')
    expect(date(null)).toBe('–')
    expect(daysBetween('2025-02-27', '2025-03-01')).toBe(2)
    expect(share('5', '0')).toBeNull()
    expect(share('7', '5')).toBe(1)
  })
  test('search ignores marks and case', () => {
    expect(folded('Đồng Hỷ')).toBe('dong hy')
  })
})

describe('the board', () => {
  const cell = (over: Partial<BoardCell>): BoardCell => ({
    place: { id: 'p', code: '1', name: 'Xã' },
    ofPredecessor: false,
    activity: { id: 'a', code: 'a', name: 'A', unit: 'u' },
    need: null,
    promised: '0',
    reported: '0',
    confirmed: '0',
    unverified: '0',
    disputed: '0',
    difference: '0',
    uncovered: null,
    gap: null,
    givers: [],
    ...over,
  })
  test('colours by what is confirmed of what was promised', () => {
    const of = (promised: string, confirmed: string) => tone(cell({ promised, confirmed }), 'progress', 0)
    expect([of('10', '0'), of('10', '1'), of('10', '5'), of('10', '9'), of('10', '10'), of('10', '12')]).toEqual([
      'heat-0',
      'heat-1',
      'heat-2',
      'heat-3',
      'heat-4',
      'heat-4',
    ])
    expect(of('0', '3')).toBe('heat-4')
    expect(of('0', '0')).toBeNull()
  })
  test('colours what is lacking, and nothing where no need stands open', () => {
    expect(tone(cell({ need: '60', gap: '60' }), 'gap', 0)).toBe('lack-3')
    expect(tone(cell({ need: '60', gap: '10' }), 'gap', 0)).toBe('lack-1')
    expect(tone(cell({ need: '60', gap: '-5' }), 'gap', 0)).toBe('heat-4')
    expect(tone(cell({}), 'gap', 0)).toBeNull()
  })
  test('former units come last', () => {
    const board = pivot([
      cell({ place: { id: 'old', code: '0', name: 'Cũ' }, ofPredecessor: true }),
      cell({ place: { id: 'new', code: '1', name: 'Mới' } }),
    ])
    expect(board.places.map((row) => row.key)).toEqual(['new', 'old'])
  })
  test('periods begin and end where half-months do', () => {
    expect(period('2025Q1')).toEqual({ from: '2025-01-01', to: '2025-03-31' })
    expect(period('2024H1')).toEqual({ from: '2024-01-01', to: '2024-06-30' })
    expect(period('2025Y')).toEqual({ from: '2025-01-01', to: '2025-12-31' })
    expect(period('2025Q5')).toBeNull()
    expect(period('')).toBeNull()
  })
})

describe('links', () => {
  test('carry a text and its variables whole', () => {
    const shared = { query: 'query Đ { a(b: "xã") }', variables: '{"tên":"Bạch Thông 🏞"}' }
    expect(readShare(shareHash(shared))).toEqual(shared)
  })
  test('that are not ours carry nothing', () => {
    const encode = (value: unknown) => '#o=' + Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const hash of ['', '#', '#o=', '#o=%%%', '#o=AAAA', encode({ query: 'a' }), encode(['a']), encode(['a', { headers: {} }]), encode(['a'.repeat(70_000), ''])]) {
      expect(readShare(hash)).toBeNull()
    }
    expect(readShare(encode(['{ a }', '{}', { authorization: 'x' }, 'run']))).toEqual({ query: '{ a }', variables: '{}' })
  })
  test('after signing in lead to a page of the console and nowhere else', () => {
    const to = (value: string) => returnTo(`?to=${encodeURIComponent(value)}`)
    expect(to('/work')).toBe('/work')
    expect(to('/console/operations?op=Board')).toBe('/console/operations?op=Board')
    for (const evil of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/workers', '/consoleX', '/console/sign-in', '/console/../graphql', '/work/%2e%2e/graphql', 'http://']) {
      expect(to(evil)).toBe('/console')
    }
  })
})

describe('the text in the editor', () => {
  const two = 'query A { a }\nquery B($x: Int) { b(x: $x) }'
  test('the operation at the cursor is the one that is meant', () => {
    const at = (cursor: number) => {
      const found = prepare(two, '{"x":1}', cursor)
      return 'ok' in found ? [found.ok.name, found.ok.variables] : null
    }
    expect(at(2)).toEqual(['A', {}])
    expect(at(20)).toEqual(['B', { x: 1 }])
  })
  test('faults say where', () => {
    expect(prepare('query {', '', 0)).toMatchObject({ fault: 'query', line: 1 })
    expect(prepare('{ a }', '{', 0)).toMatchObject({ fault: 'variables' })
    expect(prepare('{ a }', '[1]', 0)).toMatchObject({ fault: 'variables' })
    expect(prepare('  ', '', 0)).toMatchObject({ fault: 'empty' })
  })
  test('a refusal leads to its place in the variables', () => {
    const text = 'mutation M($rows: [X!]!, $key: UUID!) { record(input: { rows: $rows, key: $key }) { userErrors { code } } }'
    const found = prepare(text, '{}', 0)
    if (!('ok' in found)) throw new Error('not read')
    const path = pathOfRefusal(found.ok.operation, { field: 'record', code: '', message: '', path: ['input', 'rows', '1', 'quantity'] })
    expect(path).toEqual(['rows', '1', 'quantity'])
    const variables = '{ "rows": [{ "quantity": 1 }, { "quantity": "zwei" }] }'
    const at = findVariable(variables, path as string[])
    expect(variables.slice(at?.offset, (at?.offset ?? 0) + (at?.length ?? 0))).toBe('"zwei"')
    expect(pathOfRefusal(found.ok.operation, { field: 'other', code: '', message: '', path: ['input'] })).toBeNull()
  })
})

describe('building by clicks', () => {
  const schema = buildSchema(`
    type Query { places(first: Int, search: String): PlaceConnection! place(code: String!): Place }
    type PlaceConnection { nodes: [Place!]! }
    interface Place { id: ID! name: String! }
    type Commune implements Place { id: ID! name: String! district: String! }
  `)
  const query = 'query' as OperationTypeNode
  const flat = (text: string) => text.replace(/\s+/g, ' ').trim()
  test('a ticked list is a valid text at once', () => {
    expect(flat(toggleSelection('', schema, query, [{ field: 'places' }]))).toBe('query Places { places(first: 20) { nodes { name } } }')
  })
  test('a required argument becomes a variable, and goes with its field', () => {
    const text = toggleSelection('', schema, query, [{ field: 'place' }])
    expect(flat(text)).toBe('query Place($code: String!) { place(code: $code) { name } }')
    const both = toggleSelection(text, schema, query, [{ field: 'places' }])
    expect(flat(toggleSelection(both, schema, query, [{ field: 'place' }]))).toBe('query Place { places(first: 20) { nodes { name } } }')
  })
  test('the last leaf takes its parents with it, and comments stay', () => {
    const text = '# Vì sao\n' + toggleSelection('', schema, query, [{ field: 'place' }])
    expect(toggleSelection(text, schema, query, [{ field: 'place' }, { field: 'name' }])).toBe('# Vì sao\n')
  })
  test('arguments and types of an interface', () => {
    const text = toggleSelection('', schema, query, [{ field: 'places' }])
    const argument = schema.getQueryType()?.getFields().places?.args.find((one) => one.name === 'search') as GraphQLArgument
    const searched = toggleArgument(text, schema, query, [{ field: 'places' }], argument)
    expect(flat(searched)).toBe('query Places($search: String) { places(first: 20, search: $search) { nodes { name } } }')
    const typed = toggleSelection(searched, schema, query, [{ field: 'places' }, { field: 'nodes' }, { on: 'Commune' }])
    expect(flat(typed)).toContain('nodes { name ... on Commune { name } }')
    expect(flat(toggleArgument(typed, schema, query, [{ field: 'places' }], argument))).not.toContain('search')
  })
})

describe('exported code', () => {
  const hostile = {
    url: "http://127.0.0.1/graphql?it's",
    query: 'query A { a(b: "`${process.exit(1)}` \\u0022\\"\\"\\" $(rm) \'") }',
    variables: { text: '"""\'; $(rm -rf) `id` \\ END_OF_REQUEST\nEND_OF_REQUEST\n 🏞' },
    operationName: 'A',
  }
  test('python is valid and holds the very same text and variables', () => {
    const program = python(hostile).split('request =')[0] + '\nprint(json.dumps([QUERY.strip(), VARIABLES]))'
    const said = JSON.parse(execFileSync('python3', ['-c', program], { encoding: 'utf8' })) as unknown
    expect(said).toEqual([hostile.query, hostile.variables])
  })
  test('curl sends the very same bytes', () => {
    const program = curl(hostile).replace('curl', 'fake() { cat; }; fake')
    const said = JSON.parse(execFileSync('bash', ['-c', program], { encoding: 'utf8', env: { ...process.env, CAMKET_TOKEN: 'x' } })) as { query: string; variables: unknown }
    expect(said).toEqual({ operationName: 'A', query: hostile.query, variables: hostile.variables })
  })
  test('typescript holds the very same text and variables', () => {
    const program = typescript(hostile).split('const response')[0] ?? ''
    const said = new Function(`${program}; return [query.trim(), variables]`)() as unknown
    expect(said).toEqual([hostile.query, hostile.variables])
  })
  test('no token is ever written', () => {
    for (const make of [curl, python, typescript]) expect(make(hostile)).toContain('CAMKET_TOKEN')
  })
})

describe('forms', () => {
  test('types are read as they are written', () => {
    expect(parseType('[ID!]!')).toEqual({ list: { name: 'ID', required: true }, required: true })
    expect(parseType('BoardFilter')).toEqual({ name: 'BoardFilter', required: false })
  })
  test('labels are the terms of the descriptions', () => {
    expect(labelOf('communeId', 'Where (đơn vị cấp xã), valid on the day.', 'vi')).toBe('Đơn vị cấp xã')
    expect(labelOf('communeId', 'Where (đơn vị cấp xã), valid on the day.', 'en')).toBe('Commune')
    expect(labelOf('expectedVersion', 'no term', 'vi')).toBe('Expected version')
  })
  test('ids are chosen from the list that their field means', () => {
    expect(pickerFor(['filter', 'placeIds', '0'])).toBe('place')
    expect(pickerFor(['input', 'deliveries', '3', 'communeId'])).toBe('commune')
    expect(pickerFor(['filter', 'giver', 'id', 'eq'])).toBe('party')
    expect(pickerFor(['input', 'activityId'])).toBe('activity')
    expect(pickerFor(['input', 'documentId'])).toBe('document')
    expect(pickerFor(['input', 'id'])).toBeNull()
  })
})

test('descriptions are marked so that nothing in them means anything', () => {
  const made = escapeDescriptions({ description: '<img src=x> [a](http://b) **c**', name: '<b>', args: [{ deprecationReason: '`d`' }] })
  expect(made.description).not.toMatch(/(^|[^\\])[<[*]/)
  expect(made.name).toBe('<b>')
  expect(made.args[0]?.deprecationReason).toBe('\\`d\\`')
})
