// Confirming many at once: what is confirmed is listed before it is, and one key covers all of it.
import { useState } from 'react'
import { number } from '../../format'
import { useText } from '../../language'
import { ownerOf, useSession } from '../../session'
import { Dialog, Icon } from '../../ui/parts'
import type { Doing } from './card'
import { titleOf } from './deliveries'
import { newDraft } from './drafts'
import type { DeliveryItem } from './queue'

export function ConfirmBar({ items, doing, onDone }: { items: DeliveryItem[]; doing: Doing; onDone: () => void }) {
  const t = useText()
  const { session } = useSession()
  const [asking, setAsking] = useState(false)

  function confirm() {
    const rows = items.map((item) => ({ id: item.id, version: item.version, title: `${titleOf(item)}: ${number(item.quantity)}` }))
    const title = rows.length === 1 ? (rows[0]?.title ?? '') : t(`${rows.length} lượt`, `${rows.length} entries`)
    doing.outbox.submit(newDraft({ owner: ownerOf(session), act: 'confirm', title, rows }))
    setAsking(false)
    onDone()
  }

  return (
    <>
      <div className="confirm-bar no-print" role="region" aria-label={t('Đã chọn', 'Chosen')}>
        <span role="status">{t(`Đã chọn ${items.length} lượt`, `${items.length} chosen`)}</span>
        <button type="button" className="button" onClick={onDone}>
          {t('Bỏ chọn', 'Clear')}
        </button>
        <button type="button" className="button primary" onClick={() => setAsking(true)}>
          <Icon name="check" /> {t('Xác nhận…', 'Confirm…')}
        </button>
      </div>
      {asking && (
        <Dialog
          title={t(`Xác nhận ${items.length} lượt?`, `Confirm ${items.length} entries?`)}
          onClose={() => setAsking(false)}
          footer={
            <>
              <button type="button" className="button" onClick={() => setAsking(false)}>
                {t('Xem lại', 'Look again')}
              </button>
              <button type="button" className="button primary" onClick={confirm}>
                {t('Đúng, xác nhận tất cả', 'Right, confirm all')}
              </button>
            </>
          }
        >
          <p>
            {t(
              'Bạn xác nhận đơn vị đã nhận đúng những số lượng sau:',
              'You confirm that these quantities have arrived:',
            )}
          </p>
          <ul className="confirm-list">
            {items.map((item) => (
              <li key={item.id}>
                <span>
                  {titleOf(item)}
                  <small>{item.giver?.name}</small>
                </span>
                <strong>
                  {number(item.quantity)} <small>{item.commitment?.activity?.unit}</small>
                </strong>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  )
}
