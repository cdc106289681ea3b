// What stands in the editor, read: which operation is meant, what its variables are, where a fault is.
import { parse, type DocumentNode, type OperationDefinitionNode, type ValueNode } from 'graphql'
import { findNodeAtLocation, parseTree } from 'jsonc-parser'
import type { Value } from '../../result/flatten'
import type { Refusal } from '../../result/faults'

export interface Prepared {
  document: DocumentNode
  operation: OperationDefinitionNode
  name: string | null
  variables: Record<string, Value>
}

export type Preparation =
  | { ok: Prepared }
  | { fault: 'empty' | 'query' | 'variables'; message: string; line: number; column: number }

/** Takes the text apart; with several operations, the one that the cursor stands in. */
export function prepare(query: string, variables: string, cursor: number): Preparation {
  if (!query.trim()) return { fault: 'empty', message: '', line: 1, column: 1 }
  let document: DocumentNode
  try {
    document = parse(query)
  } catch (error) {
    const at = (error as { locations?: { line: number; column: number }[] }).locations?.[0]
    return { fault: 'query', message: (error as Error).message, line: at?.line ?? 1, column: at?.column ?? 1 }
  }
  const operations = document.definitions.filter((one): one is OperationDefinitionNode => one.kind === 'OperationDefinition')
  const operation =
    operations.find((one) => one.loc && one.loc.start <= cursor && cursor <= one.loc.end) ?? operations[0]
  if (!operation) return { fault: 'empty', message: '', line: 1, column: 1 }
  let given: unknown = {}
  if (variables.trim()) {
    try {
      given = JSON.parse(variables)
    } catch (error) {
      return { fault: 'variables', message: (error as Error).message, line: 1, column: 1 }
    }
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      return { fault: 'variables', message: '{ … }', line: 1, column: 1 }
    }
  }
  const named = new Set((operation.variableDefinitions ?? []).map((one) => one.variable.name.value))
  // What the operation does not name would be refused: it may belong to another one of the text.
  const own = Object.fromEntries(Object.entries(given as Record<string, Value>).filter(([key]) => named.has(key) || operations.length === 1))
  return { ok: { document, operation, name: operation.name?.value ?? null, variables: own } }
}

/** Which variable, and where in it, a refusal is about; null where the value stands in the text itself. */
export function pathOfRefusal(operation: OperationDefinitionNode, refusal: Refusal): string[] | null {
  const field = operation.selectionSet.selections.find(
    (one) => one.kind === 'Field' && (one.alias?.value ?? one.name.value) === refusal.field,
  )
  if (field?.kind !== 'Field') return null
  const [argument, ...rest] = refusal.path
  let value: ValueNode | undefined = field.arguments?.find((one) => one.name.value === argument)?.value
  while (value && value.kind !== 'Variable') {
    const step = rest.shift()
    if (step === undefined) return null
    if (value.kind === 'ObjectValue') value = value.fields.find((one) => one.name.value === step)?.value
    else if (value.kind === 'ListValue') value = value.values[Number(step)]
    else return null
  }
  return value ? [value.name.value, ...rest] : null
}

/** Offset and length in the text of the variables, of the deepest part of a path that is there. */
export function findVariable(variables: string, path: string[]): { offset: number; length: number } | null {
  const tree = parseTree(variables)
  if (!tree) return null
  for (let depth = path.length; depth > 0; depth -= 1) {
    const steps = path.slice(0, depth).map((step) => (/^\d+$/.test(step) ? Number(step) : step))
    const node = findNodeAtLocation(tree, steps)
    if (node) return { offset: node.offset, length: node.length }
  }
  return null
}
