// What the columns and the codes of an answer are called: in Vietnamese by the terms of the schema's
// descriptions, in English by their own names. What the schema does not know keeps its name: an alias,
// a partner's field, a key of free data.
import { codes, fields, possible } from 'virtual:schema-terms'
import type { Text } from '../language'
import { EVENTS } from './events'

type Field = [term: string, type: string]

const ROOTS = ['Query', 'Mutation', 'Subscription']

/** What an answer calls something may be called as what every object has. */
const own = <T>(record: Record<string, T> | undefined, name: string | undefined): T | undefined =>
  record && name && Object.hasOwn(record, name) ? record[name] : undefined

function fieldOf(type: string | undefined, name: string): Field | undefined {
  if (!type) return common(name)
  const types = [type, ...(own(possible, type) ?? [])]
  return types.map((one) => own(own(fields, one), name)).find((field) => field)
}

/** Below an alias the type is not known: what most types mean by the name. */
function common(name: string): Field | undefined {
  const meant = new Map<string, { field: Field; times: number }>()
  for (const type of Object.values(fields)) {
    const field = own(type, name)
    if (field) meant.set(field[0], { field, times: (meant.get(field[0])?.times ?? 0) + 1 })
  }
  return [...meant.values()].sort((a, b) => b.times - a.times)[0]?.field
}

interface Step {
  name: string
  field: Field | undefined
}

/** What was found, since every cell of a column asks again. */
const found = new Map<string, Step[]>()

/** The fields along a path of an answer, such as `board.place.name`. */
function along(path: string): Step[] {
  const steps = found.get(path) ?? look(path)
  found.set(path, steps)
  return steps
}

function look(path: string): Step[] {
  const names = path.split('.')
  const [first, second] = names
  // A query and a subscription of one name are told apart by what stands below.
  const roots = ROOTS.filter((root) => own(own(fields, root), first))
  let type = roots.find((root) => second && fieldOf(own(own(fields, root), first)?.[1], second)) ?? roots[0]
  return names.map((name, index) => {
    const field = index === 0 && !type ? undefined : fieldOf(type, name)
    type = field?.[1]
    return { name, field }
  })
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1)

/** The path of a column of the table at `path`. */
export const below = (path: string, column: string) => (path ? `${path}.${column}` : column)

/** The heading of what stands at `path` below `above`, which the heading does not repeat. */
export function headingOf(above: string, path: string, t: Text): string {
  const steps = along(below(above, path)).slice(above ? above.split('.').length : 0)
  return t(capital(steps.map(({ name, field }) => field?.[0] ?? name).join(' · ')), path)
}

/** The word for a code at `path`; null where it is none. */
export function codeAt(path: string, code: string, t: Text): string | null {
  const term = own(own(codes, along(path).at(-1)?.field?.[1]), code) ?? (path.endsWith('type') ? own(EVENTS, code) : undefined)
  return term ? t(capital(term), capital(code.toLowerCase().replaceAll('_', ' '))) : null
}
