// The coordinator sees what another party sees. It cannot be missed and it cannot last.
import { useEffect, useState } from 'react'
import { useText } from '../language'
import { Problem } from '../net'
import { useSession } from '../session'
import { PartyPicker } from '../ui/pickers'
import { Dialog, Field, Icon, Notice } from '../ui/parts'

export function ViewAsBanner() {
  const t = useText()
  const { session, endViewAs } = useSession()
  const [, tick] = useState(0)
  useEffect(() => {
    if (!session.viewAs) return
    const timer = setInterval(() => tick((n) => n + 1), 15_000)
    return () => clearInterval(timer)
  }, [session.viewAs])
  if (!session.viewAs) return null
  const left = Math.max(0, Math.ceil((Date.parse(session.viewAs.until) - Date.now()) / 60_000))
  return (
    <div className="view-as" role="region" aria-label={t('Đang xem với tư cách đơn vị khác', 'Viewing as another party')}>
      <Icon name="eye" />
      <p>
        {t('Đang xem với tư cách ', 'Viewing as ')}
        <strong>{session.viewAs.party.name}</strong>
        {t(`. Chỉ xem, không làm thay. Còn ${left} phút. Lý do: `, `. Looking only, no acts. ${left} minutes left. Reason: `)}
        <q>{session.viewAs.reason}</q>
      </p>
      <button type="button" className="button" onClick={() => void endViewAs()}>
        {t('Thôi xem', 'Stop')}
      </button>
    </div>
  )
}

export function ViewAsDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const { viewAs } = useSession()
  const [party, setParty] = useState('')
  const [reason, setReason] = useState('')
  const [errors, setErrors] = useState<{ party?: string; reason?: string; all?: string }>({})
  const [busy, setBusy] = useState(false)

  async function begin() {
    const missing = {
      ...(party ? {} : { party: t('Hãy chọn đơn vị.', 'Choose a party.') }),
      ...(reason.trim() ? {} : { reason: t('Hãy nêu lý do.', 'Give a reason.') }),
    }
    setErrors(missing)
    if (Object.keys(missing).length) return
    setBusy(true)
    try {
      await viewAs(party, reason.trim())
      onClose()
    } catch (failure) {
      setErrors({
        all: failure instanceof Problem ? failure.message : t('Chưa gửi được. Hãy thử lại.', 'Not sent. Try again.'),
      })
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      title={t('Xem với tư cách đơn vị khác', 'View as another party')}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('Thôi', 'Cancel')}
          </button>
          <button type="button" className="button primary" disabled={busy} onClick={() => void begin()}>
            {t('Bắt đầu xem', 'Begin')}
          </button>
        </>
      }
    >
      <Notice>
        <p>
          {t(
            'Bạn sẽ thấy đúng những gì đơn vị đó thấy, trong 30 phút, và không làm thay được việc gì. Lần xem này được ghi vào nhật ký cùng lý do, và đơn vị đó biết là đã có người xem.',
            'You will see exactly what that party sees, for 30 minutes, and can do nothing in its place. It is written into the log with your reason, and the party is told that somebody looked.',
          )}
        </p>
      </Notice>
      {errors.all && (
        <Notice kind="danger">
          <p>{errors.all}</p>
        </Notice>
      )}
      <PartyPicker
        label={t('Đơn vị', 'Party')}
        value={party}
        onChange={setParty}
        errors={errors.party ? [errors.party] : []}
      />
      <Field label={t('Lý do', 'Reason')} errors={errors.reason ? [errors.reason] : []}>
        {(attributes) => (
          <textarea {...attributes} rows={3} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
    </Dialog>
  )
}
