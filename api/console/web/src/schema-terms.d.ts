/** Made of `api/schema.graphql` by the build. */
declare module 'virtual:schema-terms' {
  /** By type and field: its term, and the type it leads to. */
  export const fields: Record<string, Record<string, [term: string, type: string]>>
  /** By enum and value: its term. */
  export const codes: Record<string, Record<string, string>>
  /** By interface or union: the types that it may be. */
  export const possible: Record<string, string[]>
}
