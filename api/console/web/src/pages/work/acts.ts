// What can be done on the work page: the operation of each act, its input, and what its answer means.
import AcceptAmendment from '@operations/AcceptAmendment.graphql?raw'
import AcceptCommitment from '@operations/AcceptCommitment.graphql?raw'
import AgreeDelivery from '@operations/AgreeDelivery.graphql?raw'
import ConfirmDeliveries from '@operations/ConfirmDeliveries.graphql?raw'
import ConsentToReversals from '@operations/ConsentToReversals.graphql?raw'
import DeclineAmendment from '@operations/DeclineAmendment.graphql?raw'
import DeclineCommitment from '@operations/DeclineCommitment.graphql?raw'
import DisputeDelivery from '@operations/DisputeDelivery.graphql?raw'
import DoneNote from '@operations/DoneNote.graphql?raw'
import RecordReceipt from '@operations/RecordReceipt.graphql?raw'
import SettleDelivery from '@operations/SettleDelivery.graphql?raw'
import RefuseReversals from './refuse-reversals.graphql?raw'
import type { Text } from '../../language'
import type { Current, Draft, Outcome, UserError } from './drafts'

type Input = Record<string, unknown>

interface Act {
  query: string
  input: (draft: Draft) => Input
  /** What is said of it in the list of what was sent. */
  name: (t: Text) => string
  /** Whether an object that is found changed already stands as this act wanted it. */
  goal: (current: Current) => boolean
  /** The fields of its form, as the server names them. */
  fields: string[]
}

const one = (draft: Draft): Input => ({ id: draft.rows[0]?.id, expectedVersion: draft.rows[0]?.version })
const keyed = (draft: Draft): Input => ({ ...one(draft), idempotencyKey: draft.key })
const batch = (draft: Draft): Input => ({
  deliveries: draft.rows.map((row) => ({ id: row.id, expectedVersion: row.version })),
  errorPolicy: 'REJECT_FAILED_ROWS',
  idempotencyKey: draft.key,
})
const never = () => false
const reason = (draft: Draft): Input => ({ reason: (draft.fields.reason ?? '').trim() })
const figure = (draft: Draft): Input => ({ figure: draft.fields.figure ?? '', ...reason(draft) })

export const ACTS: Record<string, Act> = {
  confirm: {
    query: ConfirmDeliveries,
    input: batch,
    name: (t) => t('Xác nhận', 'Confirm'),
    goal: (current) => current.state === 'CONFIRMED',
    fields: [],
  },
  dispute: {
    query: DisputeDelivery,
    input: (draft) => ({ ...keyed(draft), ...figure(draft) }),
    name: (t) => t('Đề nghị đối soát', 'Dispute'),
    goal: never,
    fields: ['figure', 'reason'],
  },
  agree: {
    query: AgreeDelivery,
    input: keyed,
    name: (t) => t('Đồng ý với số liệu bên kia', 'Take the other figure'),
    goal: (current) => current.state === 'SETTLED',
    fields: [],
  },
  settle: {
    query: SettleDelivery,
    input: (draft) => ({ ...keyed(draft), ...figure(draft) }),
    name: (t) => t('Quyết định số liệu', 'Decide the figure'),
    goal: never,
    fields: ['figure', 'reason'],
  },
  consent: {
    query: ConsentToReversals,
    input: batch,
    name: (t) => t('Chấp thuận đảo số liệu', 'Let it be taken back'),
    goal: (current) => current.state === 'REVERSED',
    fields: [],
  },
  refuse: {
    query: RefuseReversals,
    input: (draft) => ({ ...batch(draft), ...reason(draft) }),
    name: (t) => t('Không chấp thuận đảo số liệu', 'Do not let it be taken back'),
    goal: never,
    fields: ['reason'],
  },
  accept: {
    query: AcceptCommitment,
    input: one,
    name: (t) => t('Chấp thuận cam kết', 'Accept the promise'),
    goal: (current) => current.status === 'ACTIVE',
    fields: [],
  },
  decline: {
    query: DeclineCommitment,
    input: (draft) => ({ ...one(draft), ...reason(draft) }),
    name: (t) => t('Từ chối cam kết', 'Decline the promise'),
    goal: (current) => current.status === 'DECLINED',
    fields: ['reason'],
  },
  acceptAmendment: {
    query: AcceptAmendment,
    input: one,
    name: (t) => t('Chấp thuận điều chỉnh', 'Accept the amendment'),
    goal: never,
    fields: [],
  },
  declineAmendment: {
    query: DeclineAmendment,
    input: (draft) => ({ ...one(draft), ...reason(draft) }),
    name: (t) => t('Không chấp thuận điều chỉnh', 'Decline the amendment'),
    goal: never,
    fields: ['reason'],
  },
  done: {
    query: DoneNote,
    input: (draft) => ({ ...one(draft), answer: (draft.fields.answer ?? '').trim() }),
    name: (t) => t('Hoàn thành ghi chú', 'Note dealt with'),
    goal: (current) => current.status === 'DONE',
    fields: ['answer'],
  },
  receipt: {
    query: RecordReceipt,
    input: (draft) => {
      const { commitmentId, giverId, activityId, communeId, deliveredOn, quantity, number, url } = draft.fields
      return {
        communeId,
        deliveredOn,
        quantity: quantity ?? '',
        ...(commitmentId ? { commitmentId } : { giverId, activityId }),
        ...(number || url ? { evidence: { ...(number ? { number } : {}), ...(url ? { url } : {}) } } : {}),
        idempotencyKey: draft.key,
      }
    },
    name: (t) => t('Ghi nhận đã nhận', 'Record a receipt'),
    goal: never,
    fields: ['commitmentId', 'giverId', 'activityId', 'communeId', 'deliveredOn', 'quantity', 'number', 'url'],
  },
}

interface Payload {
  userErrors: UserError[]
  delivery?: Current | null
  deliveries?: (Current | null)[]
  commitment?: Current | null
  note?: Current | null
}

/** Takes the answer of an act apart; null where the operation failed as a whole. */
export function outcome(data: Record<string, Payload | null> | null | undefined): Outcome | null {
  const payload = data ? Object.values(data)[0] : null
  if (!payload) return null
  const objects = payload.deliveries ?? [payload.delivery ?? payload.commitment ?? payload.note ?? null]
  return { errors: payload.userErrors, objects }
}
