// Input types of the graph, read one by one as a form needs them, and the words that they bring:
// every description holds the Vietnamese term in brackets.
import { ask } from '../net'
import type { Language } from '../language'

export type TypeRef = { list: TypeRef; required: boolean } | { name: string; required: boolean }

export interface InputField {
  name: string
  description: string
  type: TypeRef
  hasDefault: boolean
}

export interface InputType {
  kind: 'SCALAR' | 'ENUM' | 'INPUT_OBJECT'
  name: string
  fields: InputField[]
  values: { name: string; description: string }[]
  oneOf: boolean
}

/** Reads `[ID!]!`. */
export function parseType(text: string): TypeRef {
  const required = text.endsWith('!')
  const bare = required ? text.slice(0, -1) : text
  if (bare.startsWith('[') && bare.endsWith(']')) return { list: parseType(bare.slice(1, -1)), required }
  return { name: bare, required }
}

export function nameOf(type: TypeRef): string {
  return 'list' in type ? nameOf(type.list) : type.name
}

interface Wrapped {
  kind: string
  name: string | null
  ofType?: Wrapped | null
}

function unwrap(type: Wrapped): TypeRef {
  if (type.kind === 'NON_NULL' && type.ofType) return { ...unwrap(type.ofType), required: true }
  if (type.kind === 'LIST' && type.ofType) return { list: unwrap(type.ofType), required: false }
  return { name: type.name ?? 'String', required: false }
}

const QUERY = `query InputType($name: String!) {
  __type(name: $name) {
    kind name isOneOf
    enumValues { name description }
    inputFields { name description defaultValue type { ...T } }
  }
}
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`

const BUILT_IN = new Set(['ID', 'Int', 'Float', 'String', 'Boolean', 'Date', 'DateTime', 'Decimal', 'UUID'])
const known = new Map<string, Promise<InputType>>()

interface Described {
  __type: {
    kind: InputType['kind']
    name: string
    isOneOf: boolean | null
    enumValues: { name: string; description: string | null }[] | null
    inputFields: { name: string; description: string | null; defaultValue: string | null; type: Wrapped }[] | null
  } | null
}

export function inputType(name: string): Promise<InputType> {
  const plain: InputType = { kind: 'SCALAR', name, fields: [], values: [], oneOf: false }
  if (BUILT_IN.has(name)) return Promise.resolve(plain)
  let found = known.get(name)
  if (!found) {
    found = ask<Described>(QUERY, { name }).then(({ __type: type }) =>
      type
        ? {
            kind: type.kind,
            name,
            oneOf: type.isOneOf ?? false,
            values: (type.enumValues ?? []).map((value) => ({ name: value.name, description: value.description ?? '' })),
            fields: (type.inputFields ?? []).map((field) => ({
              name: field.name,
              description: field.description ?? '',
              type: unwrap(field.type),
              hasDefault: field.defaultValue !== null,
            })),
          }
        : plain,
    )
    found.catch(() => known.delete(name))
    known.set(name, found)
  }
  return found
}

/** What a field or value is called: its Vietnamese term, or its name as English words. */
export function labelOf(name: string, description: string, language: Language): string {
  const term = /\(([^()]+)\)/.exec(description)?.[1]
  if (language === 'vi' && term) return term.charAt(0).toUpperCase() + term.slice(1)
  return wordsOf(name)
}

export function wordsOf(name: string): string {
  const words = name
    .replace(/_/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/ ids?$/, '')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export type PickerKind = 'commune' | 'place' | 'party' | 'activity' | 'document'

/** Which list an id is chosen from, by what the field is called and what it stands in. */
export function pickerFor(path: string[]): PickerKind | null {
  for (const step of [...path].reverse()) {
    if (/^(eq|in|not|id|\d+)$/.test(step)) continue
    if (/commune/i.test(step)) return 'commune'
    if (/place/i.test(step)) return 'place'
    if (/activity/i.test(step)) return 'activity'
    if (/document/i.test(step)) return 'document'
    if (/party|giver|department|addressee|participant|principal|agent|carrier|reportedBy|^via$|issuer|successor/i.test(step)) return 'party'
    return null
  }
  return null
}
