// One subscription at a time, over the same origin's socket, for as long as the page wants it.
import { createClient, type Client } from 'graphql-ws'
import type { Answer, Request } from '../../net'
import type { Value } from '../../result/flatten'

let client: Client | null = null

function connect(): Client {
  client ??= createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/console/graphql`,
    lazy: true,
    lazyCloseTimeout: 3_000,
    keepAlive: 20_000,
    retryAttempts: 8,
    shouldRetry: () => true,
  })
  return client
}

export interface Listener {
  next: (answer: Answer<Value>) => void
  failed: (why: 'signed-out' | 'refused' | 'away', errors: Answer<Value>['errors']) => void
  ended: () => void
}

export function subscribe(request: Request, listener: Listener): () => void {
  return connect().subscribe(
    { query: request.query, variables: request.variables, operationName: request.operationName ?? undefined },
    {
      next: (answer) => listener.next(answer as Answer<Value>),
      error: (error) => {
        if (Array.isArray(error)) return listener.failed('refused', error as unknown as Answer<Value>['errors'])
        const code = (error as { code?: number } | null)?.code
        listener.failed(code === 4401 || code === 4403 ? 'signed-out' : 'away', [])
      },
      complete: listener.ended,
    },
  )
}
