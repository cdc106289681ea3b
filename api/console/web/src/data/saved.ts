// The operations that a party keeps on the server, and those that everybody shares.
import { ask, Problem, run } from '../net'
import { uuid } from '../pages/work/drafts'
import type { OperationKind } from '../terms'

export interface Saved {
  id: string
  version: number
  titleVi: string
  titleEn: string | null
  descriptionVi: string | null
  descriptionEn: string | null
  document: string
  kind: OperationKind
  /** The text of a JSON object. */
  variables: string
  shared: boolean
  favourite: boolean
  party: { id: string; code: string; name: string } | null
  registered: { name: string } | null
  viewerCan: { change: boolean; share: boolean; unshare: boolean; favourite: boolean; register: boolean }
}

export interface Words {
  titleVi: string
  titleEn: string
  descriptionVi: string
  descriptionEn: string
}

/** What the server says against a change, with where. */
export interface Refused {
  code: string
  message: string
  path: string[]
}

const FIELDS = `fragment Kept on SavedOperation {
  id version titleVi titleEn descriptionVi descriptionEn document kind variables shared favourite
  party { id code name } registered { name } viewerCan { change share unshare favourite register }
}`

const LIST = `query SavedOperations($after: String) {
  savedOperations(first: 100, after: $after) { nodes { ...Kept } pageInfo { hasNextPage endCursor } }
}
${FIELDS}`

const ONE = `query SavedOperation($id: ID!) { node(id: $id) { ... on SavedOperation { ...Kept } } }
${FIELDS}`

interface Page {
  savedOperations: { nodes: Saved[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
}

export async function savedOperations(signal: AbortSignal): Promise<Saved[]> {
  const all: Saved[] = []
  for (let after: string | null = null; ; ) {
    const { savedOperations: page }: Page = await ask<Page>(LIST, { after }, signal)
    all.push(...page.nodes)
    after = page.pageInfo.endCursor
    if (!page.pageInfo.hasNextPage || !after) return all
  }
}

export async function savedOperation(id: string, signal?: AbortSignal): Promise<Saved | null> {
  const { node } = await ask<{ node: Saved | null }>(ONE, { id }, signal)
  return node?.id ? node : null
}

type Payload = { userErrors: Refused[] } & Record<string, { id: string } | null>

async function act(mutation: string, inputType: string, selection: string, input: Record<string, unknown>) {
  const answer = await run<Record<string, Payload | null>>({
    query: `mutation ${inputType.replace('Input', '')}($input: ${inputType}!) {
  ${mutation}(input: $input) { ${selection} userErrors { code message path } }
}`,
    variables: { input },
  })
  const payload = answer.data?.[mutation]
  if (payload) return payload
  const fault = answer.errors?.[0]
  throw new Problem(200, fault?.extensions?.code ?? 'INTERNAL_SERVER_ERROR', fault?.message ?? 'no data')
}

const SAVED = 'savedOperation { id version }'
export type Done = { id: string; refused: Refused[] }

const done = (payload: Payload): Done => ({ id: payload.savedOperation?.id ?? '', refused: payload.userErrors })

const filled = (words: Words) => ({
  titleVi: words.titleVi.trim(),
  titleEn: words.titleEn.trim() || null,
  descriptionVi: words.descriptionVi.trim() || null,
  descriptionEn: words.descriptionEn.trim() || null,
})

export interface Text {
  document: string
  variables: string
}

export const save = async (words: Words, text: Text) =>
  done(await act('saveOperation', 'SaveOperationInput', SAVED, { ...filled(words), ...text, idempotencyKey: uuid() }))

export const change = async (saved: Saved, words: Words, text: Text) =>
  done(
    await act('changeSavedOperation', 'ChangeSavedOperationInput', SAVED, {
      ...filled(words),
      ...text,
      id: saved.id,
      expectedVersion: saved.version,
    }),
  )

const versioned = (mutation: string, inputType: string) => async (saved: Saved) =>
  done(await act(mutation, inputType, SAVED, { id: saved.id, expectedVersion: saved.version }))

export const share = versioned('shareSavedOperation', 'ShareSavedOperationInput')
export const unshare = versioned('unshareSavedOperation', 'UnshareSavedOperationInput')
export const remove = versioned('deleteSavedOperation', 'DeleteSavedOperationInput')

export async function favour(saved: Saved): Promise<Done> {
  const [mutation, inputType] = saved.favourite
    ? ['unfavouriteOperation', 'UnfavouriteOperationInput']
    : ['favouriteOperation', 'FavouriteOperationInput']
  const { id, refused } = done(await act(mutation as string, inputType as string, SAVED, { id: saved.id }))
  // Another page of the same person's has done it already.
  return { id, refused: refused.filter((one) => one.code !== 'NO_CHANGE') }
}

/** Makes a persisted operation of its text, under a name that programs call it by. */
export async function promote(saved: Saved, name: string, callable: boolean): Promise<Refused[]> {
  const payload = await act('registerOperation', 'RegisterOperationInput', 'operation { id }', {
    name,
    callable,
    document: saved.document,
    idempotencyKey: uuid(),
  })
  return payload.userErrors
}

export interface Declared {
  /** Null for an operation without a name. */
  name: string | null
  variables: { name: string; type: string; defaultValue: string | null }[]
}

/** What a text declares. The parser is loaded for this alone. */
export async function declared(document: string): Promise<Declared> {
  const [{ parse }, { print }] = await Promise.all([import('graphql/language/parser'), import('graphql/language/printer')])
  for (const definition of parse(document).definitions) {
    if (definition.kind !== 'OperationDefinition') continue
    return {
      name: definition.name?.value ?? null,
      variables: (definition.variableDefinitions ?? []).map((one) => ({
        name: one.variable.name.value,
        type: print(one.type),
        defaultValue: one.defaultValue ? print(one.defaultValue) : null,
      })),
    }
  }
  return { name: null, variables: [] }
}
