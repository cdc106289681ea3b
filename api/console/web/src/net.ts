// The one way to the server. It tells apart what a page treats apart: no network, nobody signed in,
// a refusal of the endpoint, an answer.
import { language } from './language'

/** The server was not reached, or it is down: what was sent may be sent again. */
export class Unreachable extends Error {
  constructor(readonly retryAfter: number | null = null) {
    super('unreachable')
  }
}

/** Nobody is signed in (any more). */
export class SignedOut extends Error {
  constructor() {
    super('signed out')
  }
}

/** The endpoint understood and refused. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail)
  }
}

export interface GraphQLFault {
  message: string
  path?: (string | number)[]
  locations?: { line: number; column: number }[]
  extensions?: { code?: string; traceId?: string; [key: string]: unknown }
}

export interface Cost {
  requested: number
  actual?: number
  available?: number
  restoreRate?: number
  maximum?: number
}

export interface Answer<T> {
  data?: T | null
  errors?: GraphQLFault[]
  extensions?: { cost?: Cost; traceId?: string }
}

const signedOut = new Set<() => void>()
const reached = new Set<(yes: boolean) => void>()

export function onSignedOut(listener: () => void) {
  signedOut.add(listener)
  return () => signedOut.delete(listener)
}

/** Called with whether the last request reached the server. */
export function onReached(listener: (yes: boolean) => void) {
  reached.add(listener)
  return () => reached.delete(listener)
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { credentials: 'same-origin', redirect: 'error', ...init })
  } catch (error) {
    if (init.signal?.aborted) throw error
    reached.forEach((listener) => listener(false))
    throw new Unreachable()
  }
  const away = response.status === 502 || response.status === 503 || response.status === 504
  reached.forEach((listener) => listener(!away))
  return response
}

function headers(): Record<string, string> {
  return {
    'content-type': 'application/json',
    'accept-language': language(),
    'x-requested-with': 'camket-console',
  }
}

async function problem(response: Response): Promise<Error> {
  if (response.status === 429 || response.status >= 502) {
    return new Unreachable(Number(response.headers.get('retry-after')) || null)
  }
  let body: { code?: string; detail?: string } = {}
  try {
    body = (await response.json()) as typeof body
  } catch {
    // Not JSON: the status has to do.
  }
  return new Problem(response.status, body.code ?? String(response.status), body.detail ?? response.statusText)
}

export async function get<T>(path: string): Promise<T> {
  const response = await send(path, { headers: { accept: 'application/json', 'accept-language': language() } })
  if (!response.ok) throw await problem(response)
  return (await response.json()) as T
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T | null> {
  const response = await send(path, { method: 'POST', headers: headers(), body: JSON.stringify(body), signal })
  if (!response.ok) throw await problem(response)
  const length = await response.text()
  return length ? (JSON.parse(length) as T) : null
}

export interface Request {
  query: string
  variables?: Record<string, unknown>
  operationName?: string | null
}

/** Runs a query or a mutation and gives the answer as it came, with its errors. */
export async function run<T = unknown>(request: Request, signal?: AbortSignal): Promise<Answer<T>> {
  const response = await send('/console/graphql', {
    method: 'POST',
    headers: { ...headers(), accept: 'application/graphql-response+json, application/json;q=0.9' },
    body: JSON.stringify(request),
    signal,
  })
  if (response.status === 401) {
    signedOut.forEach((listener) => listener())
    throw new SignedOut()
  }
  const type = response.headers.get('content-type') ?? ''
  if (!type.includes('json') || type.includes('problem')) throw await problem(response)
  const answer = (await response.json()) as Answer<T>
  if (answer.errors?.some((error) => error.extensions?.code === 'UNAUTHENTICATED') && !answer.data) {
    signedOut.forEach((listener) => listener())
    throw new SignedOut()
  }
  if (response.status === 429) throw new Unreachable(Number(response.headers.get('retry-after')) || 5)
  return answer
}

/** Runs what the page itself needs: a fault is thrown, data is given. */
export async function ask<T>(query: string, variables: Record<string, unknown> = {}, signal?: AbortSignal): Promise<T> {
  const answer = await run<T>({ query, variables }, signal)
  const fault = answer.errors?.[0]
  if (!answer.data) {
    const code = fault?.extensions?.code ?? 'INTERNAL_SERVER_ERROR'
    if (code === 'UNAVAILABLE' || code === 'TIMEOUT') throw new Unreachable()
    throw new Problem(200, code, fault?.message ?? 'no data')
  }
  return answer.data
}
