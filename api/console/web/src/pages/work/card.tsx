// What every card of the work page has: what was begun about it, what the server said, what to do next.
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { number } from '../../format'
import { useText } from '../../language'
import { ownerOf, useSession } from '../../session'
import { stateName } from '../../terms'
import { Notice } from '../../ui/parts'
import { ACTS } from './acts'
import { errorsElsewhere, newDraft, type Draft, type DraftRow } from './drafts'
import type { Outbox } from './outbox'

export interface Doing {
  outbox: Outbox
  looking: boolean
  today: string
}

/** The draft about one object, of whichever act; what is done is told elsewhere. */
export function draftAbout(outbox: Outbox, id: string): Draft | undefined {
  return outbox.drafts.find((draft) => draft.state !== 'done' && draft.rows.some((row) => row.id === id))
}

export function useStart(outbox: Outbox) {
  const { session } = useSession()
  return (act: string, row: DraftRow, fields: Record<string, string> = {}) => {
    const draft = newDraft({ owner: ownerOf(session), act, title: row.title, rows: [row] }, fields)
    outbox.submit(draft)
  }
}

/** What stands in the place of a card's buttons once something was sent or refused. */
export function DraftState({ draft, outbox, unit }: { draft: Draft; outbox: Outbox; unit?: string }) {
  const t = useText()
  const act = ACTS[draft.act]
  const name = act?.name(t) ?? draft.act
  if (draft.state === 'waiting') {
    return (
      <Notice>
        <p role="status">
          <strong>{name}</strong> –{' '}
          {draft.tries === 0
            ? t('chờ gửi.', 'waits to be sent.')
            : t('đã gửi, chưa nghe trả lời; sẽ gửi lại và không bị tính hai lần.', 'sent, no answer yet; it will be sent again and counts once.')}
        </p>
        {draft.tries === 0 && (
          <button type="button" className="button" onClick={() => outbox.discard(draft)}>
            {t('Không gửi nữa', 'Do not send')}
          </button>
        )}
      </Notice>
    )
  }
  if (draft.state !== 'refused') return null
  return <Refused draft={draft} outbox={outbox} name={name} unit={unit} />
}

function Refused({ draft, outbox, name, unit }: { draft: Draft; outbox: Outbox; name: string; unit?: string }) {
  const t = useText()
  const fields = ACTS[draft.act]?.fields ?? []
  const rest = errorsElsewhere(draft.errors, fields)
  const stale = draft.errors.some((error) => error.code === 'STALE_VERSION')
  const { current } = draft
  // What is refused at a field is said at that field.
  if (!rest.length) return null
  return (
    <Notice kind="danger">
      <p>
        <strong>{name}</strong> – {t('chưa thực hiện:', 'not done:')}
      </p>
      <ul>
        {rest.map((error, index) => (
          <li key={index}>{error.message}</li>
        ))}
      </ul>
      {stale && current && (
        <p>
          {t('Hiện nay trên hệ thống: ', 'On the server now: ')}
          <strong>
            {stateName(current.state ?? current.status, t)}
            {current.quantity != null && ` · ${number(current.quantity)} ${unit ?? ''}`}
            {current.received != null && t(` · bên nhận: ${number(current.received)}`, ` · receiver: ${number(current.received)}`)}
          </strong>
        </p>
      )}
      <div className="buttons">
        {stale && current && draft.rows[0] && (
          <button
            type="button"
            className="button"
            onClick={() => outbox.submit({ ...draft, rows: [{ ...draft.rows[0]!, version: current.version }] })}
          >
            {t('Đã xem, vẫn gửi', 'I have looked, send all the same')}
          </button>
        )}
        <button type="button" className="button" onClick={() => outbox.discard(draft)}>
          {t('Bỏ', 'Discard')}
        </button>
      </div>
    </Notice>
  )
}

/**
 * A form whose text is a draft from its first letter. It opens by itself where a draft of it exists,
 * so that nothing typed is ever out of sight.
 */
export function useDraftForm(act: string, row: DraftRow, outbox: Outbox, existing: Draft | undefined) {
  const { session } = useSession()
  const mine = existing?.act === act ? existing : undefined
  const [open, setOpen] = useState(false)
  const [fields, setFields] = useState<Record<string, string>>(mine?.fields ?? {})
  const draft = useRef<Draft | null>(null)
  if (mine) draft.current = mine
  else if (draft.current && !existing && !open) draft.current = null
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(fields)
  latest.current = fields

  function current(): Draft {
    draft.current ??= newDraft({ owner: ownerOf(session), act, title: row.title, rows: [row] })
    return { ...draft.current, fields: latest.current }
  }
  function keep() {
    clearTimeout(timer.current)
    outbox.save(current())
  }
  function change(name: string, value: string) {
    const next = { ...latest.current, [name]: value }
    latest.current = next
    setFields(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(keep, 250)
  }
  // A page that is put away may never come back: what is typed is kept at once.
  useEffect(() => {
    const away = () => {
      if (document.visibilityState === 'hidden' && open && draft.current) keep()
    }
    document.addEventListener('visibilitychange', away)
    return () => document.removeEventListener('visibilitychange', away)
  })
  useEffect(() => () => clearTimeout(timer.current), [])

  return {
    open: open || (mine !== undefined && mine.state !== 'waiting'),
    fields,
    errors: mine?.errors ?? [],
    show: () => setOpen(true),
    change,
    keep,
    submit(values: Record<string, string> = {}) {
      clearTimeout(timer.current)
      const full = current()
      outbox.submit({ ...full, fields: { ...full.fields, ...values } })
      setOpen(false)
    },
    cancel() {
      clearTimeout(timer.current)
      if (draft.current) outbox.discard(draft.current)
      draft.current = null
      latest.current = {}
      setFields({})
      setOpen(false)
    },
  }
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
