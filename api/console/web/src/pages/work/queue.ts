// The work queue as the page reads it.
import workQuery from './work.graphql?raw'
import { ask } from '../../net'

interface Name {
  name: string
}
export interface Kind extends Name {
  unit: string
}
interface Promised {
  quantity: string | null
  place: Name | null
  schedule: { dueOn: string; quantity: string }[]
}

export interface CommitmentItem {
  id: string
  version: number
  status: string
  health: string | null
  quantity: string | null
  text: string
  lastDueOn: string | null
  waitingSince: string | null
  giver: Name | null
  place: Name | null
  activity: Kind | null
  schedule: { dueOn: string; quantity: string }[]
  documents: { reference: string }[]
  progress: { promised: string | null; reported: string; confirmed: string }
  amendments: {
    id: string
    state: string
    reason: string
    amendedAt: string
    document: { reference: string } | null
    before: Promised
    after: Promised
  }[]
  viewerCan: { accept: boolean; decideAmendment: boolean }
}

export interface DeliveryItem {
  id: string
  version: number
  state: string
  stage: string
  side: string
  quantity: string
  received: string | null
  deliveredOn: string
  waitingSince: string | null
  reason: string | null
  commune: Name | null
  giver: Name | null
  via: Name | null
  reportedBy: Name | null
  reversalRequestedBy: Name | null
  evidence: { number: string | null; url: string | null } | null
  commitment: { id: string; quantity: string | null; activity: Kind | null; progress: CommitmentItem['progress'] } | null
  verifications: { act: string; figure: string | null; reason: string | null; verifiedAt: string; verifiedBy: Name | null }[]
  viewerCan: { verify: boolean; decideReversal: boolean; agree: boolean; settle: boolean }
}

export interface NoteItem {
  id: string
  version: number
  text: string
  dueOn: string | null
  writtenAt: string
  writtenBy: Name | null
  viewerCan: { done: boolean }
  commitment: { place: Name | null; activity: Name | null } | null
  delivery: { commune: Name | null; commitment: { activity: Name | null } | null } | null
  need: { commune: Name | null; activity: Name | null } | null
}

export interface Page<T> {
  totalCount: number
  nodes: T[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

export interface Queue {
  toAccept: Page<CommitmentItem>
  toVerify: Page<DeliveryItem>
  disputed: Page<DeliveryItem>
  overdue: Page<CommitmentItem>
  nextToAccept: Page<CommitmentItem>
  nextToVerify: Page<DeliveryItem>
  notes: Page<NoteItem>
}

export interface Receivable {
  id: string
  quantity: string | null
  giver: Name | null
  activity: Kind | null
}

export interface Work {
  today: string
  role: string | null
  party: { id: string; kind: string; commune?: (Name & { id: string; promised: { nodes: Receivable[] } }) | null } | null
  workQueue: Queue
}

export async function readWork(signal: AbortSignal): Promise<Work | null> {
  return (await ask<{ viewer: Work | null }>(workQuery, { first: 20 }, signal)).viewer
}

const SPREAD: Partial<Record<keyof Queue, string>> = {
  toAccept: '...Commitments',
  nextToAccept: '...Commitments',
  overdue: '...Commitments',
  toVerify: '...Deliveries',
  nextToVerify: '...Deliveries',
  disputed: '...Deliveries',
}

/** The next page of one list, with the same fields. */
export async function readMore<K extends keyof Queue>(list: K, after: string | null): Promise<Queue[K] | null> {
  const spread = SPREAD[list]
  if (!spread) return null
  const name = spread.slice(3)
  const fragment = new RegExp(`fragment ${name} on [\\s\\S]*?\\n}\\n`).exec(workQuery)?.[0] ?? ''
  const query = `query More($after: String) { viewer { workQueue { page: ${list}(first: 50, after: $after) { ${spread} } } } }\n${fragment}`
  const data = await ask<{ viewer: { workQueue: { page: Queue[K] } } | null }>(query, { after })
  return data.viewer?.workQueue.page ?? null
}
