// The schema of who is asking, read once. The editor's language service gets a copy in which no
// description can be anything but text; docs and explorer, which are ours, read it as it is.
import { buildClientSchema, getIntrospectionQuery, type GraphQLSchema, type IntrospectionQuery } from 'graphql'
import { ask } from '../../net'

export interface Schemas {
  plain: GraphQLSchema
  escaped: GraphQLSchema
}

let kept: { generation: number; schemas: Promise<Schemas> } | null = null

export function loadSchemas(generation: number): Promise<Schemas> {
  if (kept?.generation !== generation) {
    const schemas = ask<IntrospectionQuery>(getIntrospectionQuery({ inputValueDeprecation: true })).then((data) => ({
      plain: buildClientSchema(data),
      escaped: buildClientSchema(escapeDescriptions(data)),
    }))
    kept = { generation, schemas }
    schemas.catch(() => {
      kept = null
    })
  }
  return kept.schemas
}

/** Marks every sign that Markdown or HTML could mean something by. */
export function escapeText(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+\-.!|~&:@]/g, '\\$&')
}

export function escapeDescriptions<T>(value: T): T {
  if (Array.isArray(value)) return value.map(escapeDescriptions) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => {
      const words = (key === 'description' || key === 'deprecationReason') && typeof below === 'string'
      return [key, words ? escapeText(below) : escapeDescriptions(below)]
    }),
  ) as T
}
