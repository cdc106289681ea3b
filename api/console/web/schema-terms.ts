// What the schema's descriptions call things in Vietnamese, for headings and codes of results.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql'
import type { Plugin } from 'vite'

/** The Vietnamese term of a description: what stands in its first brackets that are not English. */
function term(description: string | null | undefined): string | undefined {
  const brackets = (description ?? '').replace(/\s+/g, ' ').matchAll(/\(([^()]+)\)/g)
  return [...brackets].map(([, inside]) => inside).find((inside) => /[^\x00-\x7f]/.test(inside ?? ''))
}

/** Gives `virtual:schema-terms`, what the schema's descriptions call its fields and codes in Vietnamese. */
export function schemaTerms(): Plugin {
  const file = fileURLToPath(new URL('../../schema.graphql', import.meta.url))
  return {
    name: 'schema-terms',
    resolveId: (id) => (id === 'virtual:schema-terms' ? `\0${id}` : null),
    load(id) {
      if (id !== '\0virtual:schema-terms') return null
      this.addWatchFile(file)
      const schema = buildSchema(readFileSync(file, 'utf8'))
      // A table shows the rows of a list that comes in pages, with what their edges add.
      const parts = (type: GraphQLNamedType): { row: GraphQLNamedType; more: GraphQLField<unknown, unknown>[] } => {
        const { nodes, edges } = isObjectType(type) ? type.getFields() : {}
        if (edges) {
          const { node, cursor: _, ...more } = (getNamedType(edges.type) as GraphQLObjectType).getFields()
          if (node) return { row: getNamedType(node.type), more: Object.values(more) }
        }
        return { row: nodes && !nodes.args.length ? getNamedType(nodes.type) : type, more: [] }
      }
      const fields: Record<string, Record<string, [string, string]>> = {}
      const codes: Record<string, Record<string, string>> = {}
      const possible: Record<string, string[]> = {}
      for (const type of Object.values(schema.getTypeMap())) {
        if (type.name.startsWith('__')) continue
        if (isEnumType(type)) {
          codes[type.name] = Object.fromEntries(
            type.getValues().flatMap(({ name, description }) => {
              const found = term(description)
              return found ? [[name, found]] : []
            }),
          )
        }
        const { row, more } = parts(type)
        if (isAbstractType(row)) possible[type.name] = schema.getPossibleTypes(row).map(({ name }) => name)
        const own = isObjectType(row) || isInterfaceType(row) ? Object.values(row.getFields()) : []
        if (!own.length) continue
        fields[type.name] = Object.fromEntries(
          [...own, ...more].map((field) => {
            const below = getNamedType(field.type)
            return [field.name, [term(field.description) ?? term(below.description) ?? field.name, below.name]]
          }),
        )
      }
      return Object.entries({ fields, codes, possible })
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
        .join('\n')
    },
  }
}
