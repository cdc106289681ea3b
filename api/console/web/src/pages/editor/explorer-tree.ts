// Building an operation by clicks: each click is a change of the text's tree, printed again.
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
  parseType,
  print,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql'

/** A step down the tree: a field, or `... on Type`. */
export type Step = { field: string } | { on: string }

export const fieldsOf = (type: GraphQLNamedType | null | undefined): GraphQLField<unknown, unknown>[] =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []

export const possibleOf = (schema: GraphQLSchema, type: GraphQLNamedType | null | undefined) =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : []

export function firstOperation(document: DocumentNode | null): OperationDefinitionNode | null {
  return document?.definitions.find((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION) ?? null
}

export function readDocument(text: string): DocumentNode | null {
  try {
    return parse(text)
  } catch {
    return null
  }
}

export function selectionAt(set: SelectionSetNode | undefined, step: Step): SelectionNode | undefined {
  return set?.selections.find((one) =>
    'field' in step
      ? one.kind === Kind.FIELD && one.name.value === step.field
      : one.kind === Kind.INLINE_FRAGMENT && one.typeCondition?.name.value === step.on,
  )
}

/** The text with the selection at the path added or taken out; comments above the operation stay. */
export function toggleSelection(text: string, schema: GraphQLSchema, kind: OperationTypeNode, path: Step[]): string {
  return change(text, schema, kind, (operation) => {
    const root = schema.getRootType(kind) as GraphQLNamedType
    const variables = [...(operation.variableDefinitions ?? [])]
    const set = edit(operation.selectionSet, path, root, schema, variables)
    return pruned({ ...operation, selectionSet: set, variableDefinitions: variables })
  })
}

/** The text with an argument added, as a variable, or taken out. */
export function toggleArgument(text: string, schema: GraphQLSchema, kind: OperationTypeNode, path: Step[], argument: GraphQLArgument): string {
  return change(text, schema, kind, (operation) => {
    const variables = [...(operation.variableDefinitions ?? [])]
    const set = editField(operation.selectionSet, path, (field) => {
      const has = field.arguments?.some((one) => one.name.value === argument.name)
      const kept = (field.arguments ?? []).filter((one) => one.name.value !== argument.name)
      return { ...field, arguments: has ? kept : [...kept, asVariable(argument, variables)] }
    })
    return pruned({ ...operation, selectionSet: set, variableDefinitions: variables })
  })
}

function change(
  text: string,
  schema: GraphQLSchema,
  kind: OperationTypeNode,
  make: (operation: OperationDefinitionNode) => OperationDefinitionNode,
): string {
  const document = readDocument(text)
  const found = firstOperation(document)
  const begun: OperationDefinitionNode =
    found && found.operation === kind
      ? found
      : { kind: Kind.OPERATION_DEFINITION, operation: kind, selectionSet: { kind: Kind.SELECTION_SET, selections: [] } }
  if (!schema.getRootType(kind)) return text
  const made = make(begun)
  const others = (document?.definitions ?? []).filter((one) => one !== found)
  const definitions = made.selectionSet.selections.length ? [made, ...others] : others
  const comments = /^(\s*#[^\n]*\n)*/.exec(text)?.[0] ?? ''
  return comments + (definitions.length ? print({ kind: Kind.DOCUMENT, definitions }) + '\n' : '')
}

function edit(
  set: SelectionSetNode | undefined,
  path: Step[],
  type: GraphQLNamedType,
  schema: GraphQLSchema,
  variables: VariableDefinitionNode[],
): SelectionSetNode {
  const selections = [...(set?.selections ?? [])]
  const [step, ...rest] = path
  if (!step) return { kind: Kind.SELECTION_SET, selections }
  const there = selectionAt(set, step)
  const below = 'on' in step ? schema.getType(step.on) : getNamedType(fieldsOf(type).find((one) => one.name === step.field)?.type)
  if (there && !rest.length) {
    return { kind: Kind.SELECTION_SET, selections: selections.filter((one) => one !== there) }
  }
  const made = there ?? begin(step, type, variables)
  if (!made) return { kind: Kind.SELECTION_SET, selections }
  const inner = (made as FieldNode | InlineFragmentNode).selectionSet
  const next = rest.length && below ? edit(inner, rest, below, schema, variables) : (inner ?? leaves(below, variables))
  // A composite with nothing selected in it is no valid text: it goes with its last leaf.
  const whole = { ...made, ...(next ? { selectionSet: next } : {}) } as SelectionNode
  const empty = isCompositeType(below) && !next?.selections.length
  const replaced = there ? selections.map((one) => (one === there ? whole : one)) : [...selections, whole]
  return { kind: Kind.SELECTION_SET, selections: empty ? replaced.filter((one) => one !== whole) : replaced }
}

function begin(step: Step, type: GraphQLNamedType, variables: VariableDefinitionNode[]): FieldNode | InlineFragmentNode | null {
  if ('on' in step) {
    return {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: step.on } },
      selectionSet: undefined as unknown as SelectionSetNode,
    }
  }
  const field = fieldsOf(type).find((one) => one.name === step.field)
  if (!field) return null
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: step.field },
    arguments: needed(field).map((argument) =>
      argument.name === 'first'
        ? { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'first' }, value: { kind: Kind.INT, value: '20' } }
        : asVariable(argument, variables),
    ),
  }
}

/** Lists are asked for by the page: `first` is needed though the type does not say so. */
const needed = (field: GraphQLField<unknown, unknown>) =>
  field.args.filter((argument) => isRequiredArgument(argument) || (argument.name === 'first' && /Connection$/.test(getNamedType(field.type).name)))

/** Something to begin with, so that the text is valid at once. */
function leaves(type: GraphQLNamedType | null | undefined, variables: VariableDefinitionNode[]): SelectionSetNode | undefined {
  if (!isCompositeType(type)) return undefined
  const fields = fieldsOf(type)
  const nodes = fields.find((one) => one.name === 'nodes')
  if (nodes) {
    const inner = leaves(getNamedType(nodes.type), variables)
    return { kind: Kind.SELECTION_SET, selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'nodes' }, selectionSet: inner }] }
  }
  const plain = fields.filter((one) => !isCompositeType(getNamedType(one.type)) && !one.args.some(isRequiredArgument))
  const good = plain.find((one) => one.name === 'name') ?? plain.find((one) => one.name === 'id') ?? plain[0]
  return {
    kind: Kind.SELECTION_SET,
    selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: good?.name ?? '__typename' } }],
  }
}

function editField(set: SelectionSetNode, path: Step[], make: (field: FieldNode) => FieldNode): SelectionSetNode {
  const [step, ...rest] = path
  if (!step) return set
  const there = selectionAt(set, step)
  return {
    ...set,
    selections: set.selections.map((one) => {
      if (one !== there) return one
      if (!rest.length) return one.kind === Kind.FIELD ? make(one) : one
      const inner = (one as FieldNode | InlineFragmentNode).selectionSet
      return inner ? ({ ...one, selectionSet: editField(inner, rest, make) } as SelectionNode) : one
    }),
  }
}

function asVariable(argument: GraphQLArgument, variables: VariableDefinitionNode[]): ArgumentNode {
  const taken = new Set(variables.map((one) => one.variable.name.value))
  let name = argument.name
  for (let number = 2; taken.has(name); number += 1) name = `${argument.name}${number}`
  variables.push({
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: parseType(String(argument.type)),
  })
  return {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: argument.name },
    value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
  }
}

/** Without the variables that nothing uses any more; a text with variables needs a name to be kept by. */
function pruned(operation: OperationDefinitionNode): OperationDefinitionNode {
  const body = print(operation.selectionSet)
  const used = new Set([...body.matchAll(/\$([A-Za-z_]\w*)/g)].map((match) => match[1]))
  const variableDefinitions = (operation.variableDefinitions ?? []).filter((one) => used.has(one.variable.name.value))
  const first = operation.selectionSet.selections[0]
  const field = first?.kind === Kind.FIELD ? first.name.value : 'operation'
  const name = operation.name ?? { kind: Kind.NAME as const, value: field.charAt(0).toUpperCase() + field.slice(1) }
  return { ...operation, name, variableDefinitions }
}
