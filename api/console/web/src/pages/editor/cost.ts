// What an operation would cost, by the server's own estimate, before it runs. A server that does not
// estimate says 404 once and is not asked again.
import { useEffect, useState } from 'react'
import { post, Problem, type Cost } from '../../net'
import type { Prepared } from './text'

let offered = true

export interface Estimate extends Cost {
  /** The most that one operation may cost. */
  maximum: number
  available: number
}

export function useEstimate(prepared: Prepared | null, query: string): Estimate | null {
  const [estimate, setEstimate] = useState<Estimate | null>(null)
  const variables = prepared ? JSON.stringify(prepared.variables) : ''
  const name = prepared?.name ?? null
  const asked = prepared !== null && prepared.operation.operation !== 'subscription'
  useEffect(() => {
    setEstimate(null)
    if (!offered || !asked) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      post<Estimate>('/console/cost', { query, operationName: name, variables: JSON.parse(variables) as unknown }, controller.signal).then(
        (found) => setEstimate(found),
        (error: unknown) => {
          if (error instanceof Problem && error.status === 404) offered = false
        },
      )
    }, 600)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [query, variables, name, asked])
  return estimate
}
