// Writing down first what arrived. Every field is part of a draft from the first letter on.
import { useEffect, useMemo, useRef, useState } from 'react'
import { number, parseNumber } from '../../format'
import { useText } from '../../language'
import { ownerOf, useSession } from '../../session'
import { Dialog, Field, Notice } from '../../ui/parts'
import { ActivityPicker, PartyPicker } from '../../ui/pickers'
import { ACTS } from './acts'
import { errorsAt, errorsElsewhere, newDraft, type Draft } from './drafts'
import type { Outbox } from './outbox'
import type { Receivable } from './queue'

export function ReceiptDialog(props: {
  commune: { id: string; name: string; promised: { nodes: Receivable[] } }
  today: string
  outbox: Outbox
  draft: Draft | undefined
  onClose: () => void
}) {
  const t = useText()
  const { session } = useSession()
  const { commune, outbox } = props
  const begun = useRef(
    props.draft ?? newDraft({ owner: ownerOf(session), act: 'receipt', title: commune.name, rows: [] }, { deliveredOn: props.today, communeId: commune.id }),
  )
  const [fields, setFields] = useState(begun.current.fields)
  const [errors, setErrors] = useState(begun.current.errors)
  const [local, setLocal] = useState<Record<string, string>>({})
  const touched = useRef(false)
  const options = commune.promised.nodes
  const chosen = options.find((one) => one.id === fields.commitmentId)
  const other = fields.commitmentId === ''

  useEffect(() => {
    if (!touched.current) return
    const timer = setTimeout(() => outbox.save({ ...begun.current, fields, errors }), 250)
    return () => clearTimeout(timer)
    // The outbox is made anew on each render and is the same outbox.
  }, [fields])

  function change(name: string, value: string) {
    touched.current = true
    setFields((before) => ({ ...before, [name]: value }))
    setErrors((before) => before.filter((error) => error.path.at(-1) !== name))
  }

  function send() {
    const found: Record<string, string> = {}
    const quantity = parseNumber(fields.typed ?? '')
    if (fields.commitmentId === undefined) found.commitmentId = t('Hãy chọn cam kết, hoặc "không thuộc cam kết nào".', 'Choose a promise, or "none of these".')
    if (other && !fields.giverId) found.giverId = t('Hãy chọn bên trao.', 'Choose who gave it.')
    if (other && !fields.activityId) found.activityId = t('Hãy chọn hoạt động.', 'Choose an activity.')
    if (quantity === null) found.quantity = t('Hãy ghi một số, ví dụ 12 hoặc 2,5.', 'Give a number, such as 12 or 2.5.')
    if (!fields.deliveredOn) found.deliveredOn = t('Hãy chọn ngày nhận.', 'Choose the day.')
    setLocal(found)
    if (Object.keys(found).length) return
    const title = [chosen?.activity?.name, commune.name].filter(Boolean).join(' · ')
    outbox.submit({ ...begun.current, title, fields: { ...fields, quantity: quantity ?? '' } })
    props.onClose()
  }

  const at = (name: string) => [...(local[name] ? [local[name]] : []), ...errorsAt(errors, name)]
  const rest = useMemo(() => errorsElsewhere(errors, ACTS.receipt?.fields ?? []), [errors])
  return (
    <Dialog
      title={t('Ghi nhận đã nhận', 'Record a receipt')}
      onClose={props.onClose}
      footer={
        <>
          <button
            type="button"
            className="button"
            onClick={() => {
              outbox.discard(begun.current)
              props.onClose()
            }}
          >
            {t('Bỏ nháp', 'Discard')}
          </button>
          <button type="button" className="button" onClick={props.onClose}>
            {t('Để viết tiếp sau', 'Finish later')}
          </button>
          <button type="button" className="button primary" onClick={send}>
            {t('Gửi', 'Send')}
          </button>
        </>
      }
    >
      {rest.map((error, index) => (
        <Notice kind="danger" key={index}>
          <p>{error.message}</p>
        </Notice>
      ))}
      <p className="hint">
        {t(
          `Dùng khi ${commune.name} đã nhận mà bên trao chưa báo. Bên trao sẽ xác nhận hoặc nêu số khác.`,
          `For what ${commune.name} has received and the giver has not reported. The giver then confirms it or sets another figure.`,
        )}
      </p>
      <Field label={t('Theo cam kết nào', 'On which promise')} errors={at('commitmentId')}>
        {(attributes) => (
          <select
            {...attributes}
            value={fields.commitmentId ?? '-'}
            onChange={(event) => change('commitmentId', event.target.value)}
          >
            <option value="-" disabled>
              {t('Chọn…', 'Choose…')}
            </option>
            {options.map((one) => (
              <option key={one.id} value={one.id}>
                {one.activity?.name} – {one.giver?.name}
                {one.quantity ? ` (${number(one.quantity)} ${one.activity?.unit ?? ''})` : ''}
              </option>
            ))}
            <option value="">{t('Không thuộc cam kết nào ở trên', 'None of these')}</option>
          </select>
        )}
      </Field>
      {other && (
        <>
          <PartyPicker label={t('Bên trao', 'Giver')} value={fields.giverId ?? ''} onChange={(id) => change('giverId', id)} errors={at('giverId')} />
          <ActivityPicker
            label={t('Hoạt động', 'Activity')}
            value={fields.activityId ?? ''}
            onChange={(id) => change('activityId', id)}
            errors={at('activityId')}
          />
        </>
      )}
      <div className="fields">
        <Field label={`${t('Số lượng', 'Quantity')}${chosen?.activity ? ` (${chosen.activity.unit})` : ''}`} errors={at('quantity')}>
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              inputMode="decimal"
              autoComplete="off"
              value={fields.typed ?? ''}
              onChange={(event) => change('typed', event.target.value)}
            />
          )}
        </Field>
        <Field label={t('Ngày nhận', 'Received on')} errors={at('deliveredOn')}>
          {(attributes) => (
            <input
              {...attributes}
              type="date"
              max={props.today}
              value={fields.deliveredOn ?? ''}
              onChange={(event) => change('deliveredOn', event.target.value)}
            />
          )}
        </Field>
        <Field label={t('Số biên bản (nếu có)', 'Number of the record (if any)')} errors={at('number')}>
          {(attributes) => (
            <input {...attributes} type="text" maxLength={200} value={fields.number ?? ''} onChange={(event) => change('number', event.target.value)} />
          )}
        </Field>
        <Field label={t('Đường dẫn minh chứng (nếu có)', 'Link to evidence (if any)')} errors={at('url')}>
          {(attributes) => (
            <input {...attributes} type="url" maxLength={2000} value={fields.url ?? ''} onChange={(event) => change('url', event.target.value)} />
          )}
        </Field>
      </div>
    </Dialog>
  )
}
