// What was sent, what waits for the network, what was refused: told as it is.
import { instant } from '../../format'
import { useText } from '../../language'
import { Icon } from '../../ui/parts'
import { ACTS } from './acts'
import type { Draft } from './drafts'
import type { Outbox } from './outbox'

export function OutboxPanel({ outbox, onReceipt }: { outbox: Outbox; onReceipt: () => void }) {
  const t = useText()
  const waiting = outbox.drafts.filter((draft) => draft.state === 'waiting')
  const refused = outbox.drafts.filter((draft) => draft.state === 'refused')
  const writing = outbox.drafts.filter((draft) => draft.state === 'writing')
  const done = outbox.drafts.filter((draft) => draft.state === 'done').sort((a, b) => b.changedAt - a.changedAt)
  if (!outbox.drafts.length) return null
  const name = (draft: Draft) => ACTS[draft.act]?.name(t) ?? draft.act
  return (
    <section className="card outbox" aria-label={t('Đã làm trên máy này', 'Done on this device')}>
      <p role="status" className="outbox-summary">
        {waiting.length > 0 && (
          <span className="tag warning">{t(`${waiting.length} chờ gửi`, `${waiting.length} waiting`)}</span>
        )}
        {refused.length > 0 && (
          <span className="tag danger">{t(`${refused.length} bị từ chối`, `${refused.length} refused`)}</span>
        )}
        {writing.length > 0 && <span className="tag">{t(`${writing.length} đang viết`, `${writing.length} being written`)}</span>}
        {done.length > 0 && <span className="tag good">{t(`${done.length} đã xong`, `${done.length} done`)}</span>}
      </p>
      <details>
        <summary>{t('Chi tiết', 'Details')}</summary>
        <ul>
          {[...waiting, ...refused, ...writing, ...done].map((draft) => (
            <li key={draft.id}>
              <Icon name={draft.state === 'done' ? 'check' : draft.state === 'refused' ? 'warning' : 'right'} />
              <span>
                <strong>{name(draft)}</strong> · {draft.title}
                <small>
                  {draft.state === 'done' && t(`máy chủ đã ghi lúc ${instant(draft.changedAt)}`, `recorded by the server at ${instant(draft.changedAt)}`)}
                  {draft.state === 'waiting' && t('chờ gửi', 'waits to be sent')}
                  {draft.state === 'writing' && t(`nháp lúc ${instant(draft.changedAt)}`, `draft of ${instant(draft.changedAt)}`)}
                  {draft.state === 'refused' && draft.errors.map((error) => error.message).join(' ')}
                </small>
              </span>
              <span className="buttons">
                {draft.act === 'receipt' && (draft.state === 'refused' || draft.state === 'writing') && (
                  <button type="button" className="button" onClick={onReceipt}>
                    {t('Viết tiếp', 'Go on')}
                  </button>
                )}
                {(draft.state === 'refused' || draft.state === 'writing' || (draft.state === 'waiting' && draft.tries === 0)) && (
                  <button type="button" className="button" onClick={() => outbox.discard(draft)}>
                    {t('Bỏ', 'Discard')}
                  </button>
                )}
              </span>
            </li>
          ))}
        </ul>
      </details>
      {waiting.length > 0 && (
        <button type="button" className="button" onClick={outbox.retry}>
          {t('Gửi ngay', 'Send now')}
        </button>
      )}
    </section>
  )
}
