// What the graph says of each of its parts, and how well a part is.

export interface Part {
  id: string
  name: string
  retiredAt: string | null
  party: { code: string; name: string } | null
  live: { number: number; publishedAt: string; url: string } | null
  waiting: { number: number; publishedAt: string; url: string; approvalsNeeded: { kind: string; value: string }[] } | null
}

interface Declined {
  number: number
  reason: string | null
  subgraph: { id: string } | null
}

export interface Graph {
  supergraphs: {
    totalCount: number
    nodes: { number: number; composedAt: string; reason: string; goesBackTo: number | null; parts: unknown[] }[]
  }
  subgraphs: { totalCount: number; nodes: Part[] }
  declined: { nodes: Declined[] }
}

export type PartHealth = 'served' | 'served-and-waiting' | 'waiting' | 'declined' | 'absent' | 'retired'

/** A refusal counts while nothing newer was published. */
export function healthOf(part: Part, declined: Declined[]): { health: PartHealth; refusal: Declined | null } {
  if (part.retiredAt) return { health: 'retired', refusal: null }
  if (part.waiting) return { health: part.live ? 'served-and-waiting' : 'waiting', refusal: null }
  const newest = declined
    .filter((one) => one.subgraph?.id === part.id && one.number > (part.live?.number ?? 0))
    .reduce<Declined | null>((last, one) => (last && last.number > one.number ? last : one), null)
  if (newest) return { health: 'declined', refusal: newest }
  return { health: part.live ? 'served' : 'absent', refusal: null }
}
