// What went wrong, in words, with a way to where it went wrong.
import { useText, type Text } from '../language'
import type { Answer, GraphQLFault } from '../net'
import { Notice } from '../ui/parts'
import type { Value } from './flatten'

const FAULTS: Record<string, [string, string]> = {
  GRAPHQL_PARSE_FAILED: ['Văn bản chưa đúng cú pháp GraphQL', 'The text is not GraphQL'],
  GRAPHQL_VALIDATION_FAILED: ['Văn bản hoặc biến không khớp lược đồ', 'The text or a variable does not fit the schema'],
  OPERATION_NOT_REGISTERED: ['Thao tác chưa được đăng ký', 'The operation is not registered'],
  COST_LIMIT: ['Hỏi quá nhiều trong một lần', 'Too much was asked for at once'],
  BAD_USER_INPUT: ['Giá trị gửi lên không hợp lệ', 'A value makes no sense as sent'],
  RATE_LIMITED: ['Hết điểm, hãy chờ một lát', 'Out of points, wait a little'],
  UNAUTHENTICATED: ['Chưa đăng nhập', 'Nobody is signed in'],
  TIMEOUT: ['Quá lâu nên đã dừng', 'It took too long and was stopped'],
  UNAVAILABLE: ['Hệ thống tạm thời không phục vụ được', 'Temporarily not to be had'],
  INTERNAL_SERVER_ERROR: ['Lỗi của hệ thống', 'A fault of the server'],
}

export interface Refusal {
  /** The field of the answer whose payload refused. */
  field: string
  code: string
  message: string
  path: string[]
}

/** The `userErrors` of every mutation in an answer. */
export function refusals(data: Value | undefined): Refusal[] {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return []
  return Object.entries(data).flatMap(([field, payload]) => {
    const list = typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? payload.userErrors : null
    if (!Array.isArray(list)) return []
    return list.flatMap((error) => {
      if (typeof error !== 'object' || error === null || Array.isArray(error)) return []
      const path = Array.isArray(error.path) ? error.path.map(String) : []
      return [{ field, code: String(error.code ?? ''), message: String(error.message ?? error.code ?? ''), path }]
    })
  })
}

/** The variable that a fault is about, where its message says so. */
export function variableOf(fault: GraphQLFault): string | null {
  return /^variable \$([A-Za-z_]\w*)/i.exec(fault.message)?.[1] ?? null
}

export interface Jumps {
  toRefusal?: (refusal: Refusal) => void
  toVariable?: (name: string) => void
  toLine?: (line: number, column: number) => void
}

export function Faults({ answer, jumps }: { answer: Answer<Value>; jumps?: Jumps }) {
  const t = useText()
  const refused = refusals(answer.data ?? undefined)
  const faults = answer.errors ?? []
  if (!refused.length && !faults.length) return null
  return (
    <>
      {refused.length > 0 && (
        <Notice kind="danger">
          <p>
            <strong>{t('Hệ thống từ chối:', 'Refused:')}</strong>
          </p>
          <ul>
            {refused.map((refusal, index) => (
              <li key={index}>
                {refusal.message} <code>{refusal.code}</code>{' '}
                {jumps?.toRefusal && refusal.path.length > 0 ? (
                  <button type="button" className="link-button" onClick={() => jumps.toRefusal?.(refusal)}>
                    {t('đến chỗ sai: ', 'go to ')}
                    {refusal.path.join('.')}
                  </button>
                ) : (
                  refusal.path.length > 0 && <code>{refusal.path.join('.')}</code>
                )}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {faults.map((fault, index) => (
        <FaultNotice key={index} fault={fault} jumps={jumps} t={t} />
      ))}
    </>
  )
}

function FaultNotice({ fault, jumps, t }: { fault: GraphQLFault; jumps?: Jumps; t: Text }) {
  const code = fault.extensions?.code ?? ''
  const pair = FAULTS[code]
  const variable = variableOf(fault)
  const at = fault.locations?.[0]
  return (
    <Notice kind="danger">
      <p>
        <strong>{pair ? t(pair[0], pair[1]) : code}</strong>
      </p>
      {/* The server words its faults in English alone. */}
      <p lang={fault.extensions?.traceId ? 'en' : undefined}>{fault.message}</p>
      <p>
        {variable && jumps?.toVariable && (
          <button type="button" className="link-button" onClick={() => jumps.toVariable?.(variable)}>
            {t(`Đến biến $${variable}`, `Go to $${variable}`)}
          </button>
        )}{' '}
        {at && jumps?.toLine && (
          <button type="button" className="link-button" onClick={() => jumps.toLine?.(at.line, at.column)}>
            {t(`Đến dòng ${at.line}`, `Go to line ${at.line}`)}
          </button>
        )}
      </p>
      <small>
        {fault.path && <>{fault.path.join('.')} · </>}
        {code} {fault.extensions?.traceId && <>· {fault.extensions.traceId}</>}
      </small>
    </Notice>
  )
}
