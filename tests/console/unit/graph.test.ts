// How well a part of the graph is, and what a saved text declares.
import { describe, expect, test } from 'vitest'
import { healthOf, type Part } from '../../../api/console/web/src/pages/board/parts'
import { declared } from '../../../api/console/web/src/data/saved'
import { titleOf } from '../../../api/console/web/src/pages/operations/title'

const version = (number: number) => ({ number, publishedAt: '2026-11-30T08:00:00+07:00', url: 'http://127.0.0.1:1/', approvalsNeeded: [] })
const part = (more: Partial<Part>): Part => ({ id: 'subgraph_1', name: 'vidutel', retiredAt: null, party: null, live: null, waiting: null, ...more })
const declined = (number: number, id = 'subgraph_1') => ({ number, reason: `lý do ${number}`, subgraph: { id } })

describe('the health of a part', () => {
  test.each([
    ['served', part({ live: version(1) }), [declined(1)]],
    ['served', part({ live: version(3) }), [declined(2)]],
    ['served', part({ live: version(1) }), [declined(2, 'subgraph_2')]],
    ['served-and-waiting', part({ live: version(1), waiting: version(2) }), []],
    ['waiting', part({ waiting: version(2) }), [declined(1)]],
    ['declined', part({ live: version(1) }), [declined(2)]],
    ['declined', part({}), [declined(1)]],
    ['absent', part({}), []],
    ['retired', part({ retiredAt: '2026-11-30T08:00:00+07:00', live: version(1) }), []],
  ] as const)('%s', (health, of, refusals) => {
    expect(healthOf(of, [...refusals]).health).toBe(health)
  })
  test('the latest refusal is the one that is told', () => {
    expect(healthOf(part({}), [declined(2), declined(4), declined(3)]).refusal?.reason).toBe('lý do 4')
  })
})

describe('a saved text', () => {
  test('tells its name and its variables', async () => {
    expect(await declared('# lời\nquery A($first: Int! = 20, $ids: [ID!]) { a }')).toEqual({
      name: 'A',
      variables: [
        { name: 'first', type: 'Int!', defaultValue: '20' },
        { name: 'ids', type: '[ID!]', defaultValue: null },
      ],
    })
    expect(await declared('{ a }')).toEqual({ name: null, variables: [] })
    await expect(declared('{')).rejects.toThrow()
  })
  test('has its Vietnamese title where there is no English one', () => {
    expect(titleOf({ titleVi: 'Chậm', titleEn: null }, 'en')).toBe('Chậm')
    expect(titleOf({ titleVi: 'Chậm', titleEn: 'Late' }, 'en')).toBe('Late')
    expect(titleOf({ titleVi: 'Chậm', titleEn: 'Late' }, 'vi')).toBe('Chậm')
  })
})
