// A reason, and where it is asked for a figure: what an officer types most, so it is the smallest form.
import { useState } from 'react'
import { parseNumber, number } from '../../format'
import { useLanguage, useText } from '../../language'
import { Field } from '../../ui/parts'
import type { useDraftForm } from './card'
import { errorsAt } from './drafts'

export function ReasonForm(props: {
  form: ReturnType<typeof useDraftForm>
  send: string
  reasonLabel: string
  figure?: { label: string; unit: string; reported: string }
  field?: string
  optional?: boolean
}) {
  const t = useText()
  const language = useLanguage()
  const { form, figure } = props
  const field = props.field ?? 'reason'
  const [local, setLocal] = useState<Record<string, string>>({})
  const typed = form.fields.typed ?? ''

  function send() {
    const found: Record<string, string> = {}
    const value = figure ? parseNumber(typed) : ''
    if (figure && value === null) {
      found.figure = typed.trim()
        ? t('Hãy ghi một số, ví dụ 1.250 hoặc 2,5.', 'Give a number, such as 1,250 or 2.5.')
        : t('Hãy ghi số bạn đếm được.', 'Give the number that you counted.')
    }
    if (!props.optional && !(form.fields[field] ?? '').trim()) found[field] = t('Hãy nêu lý do.', 'Give a reason.')
    setLocal(found)
    if (!Object.keys(found).length) form.submit(figure ? { figure: value ?? '' } : {})
  }
  const at = (name: string) => [...(local[name] ? [local[name]] : []), ...errorsAt(form.errors, name)]
  const understood = figure && typed ? parseNumber(typed, language) : null

  return (
    <form
      className="reason-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {figure && (
        <Field
          label={`${figure.label} (${figure.unit})`}
          errors={at('figure')}
          hint={
            understood
              ? t(`${number(understood)}; bên kia báo ${number(figure.reported)}.`, `${number(understood)}; the other side says ${number(figure.reported)}.`)
              : t(`Bên kia báo ${number(figure.reported)}.`, `The other side says ${number(figure.reported)}.`)
          }
        >
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              inputMode="decimal"
              autoComplete="off"
              value={typed}
              onChange={(event) => form.change('typed', event.target.value)}
              onBlur={form.keep}
            />
          )}
        </Field>
      )}
      <Field label={props.reasonLabel} errors={at(field)}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={3}
            maxLength={2000}
            value={form.fields[field] ?? ''}
            onChange={(event) => form.change(field, event.target.value)}
            onBlur={form.keep}
          />
        )}
      </Field>
      <div className="buttons">
        <button type="submit" className="button primary">
          {props.send}
        </button>
        <button type="button" className="button" onClick={form.cancel}>
          {t('Thôi, bỏ nháp', 'Cancel and discard')}
        </button>
      </div>
    </form>
  )
}
