// A figure that somebody reported and that waits for somebody else's word.
import { date, daysBetween, number } from '../../format'
import { useText } from '../../language'
import { Icon } from '../../ui/parts'
import { DraftState, draftAbout, Fact, Facts, useDraftForm, useStart, type Doing } from './card'
import { ReasonForm } from './reason-form'
import type { DeliveryItem } from './queue'

export function titleOf(item: DeliveryItem): string {
  return [item.commitment?.activity?.name, item.commune?.name].filter(Boolean).join(' · ')
}

const web = (url: string | null | undefined) => (url && /^https?:\/\//i.test(url) ? url : null)

export function DeliveryCard(props: {
  item: DeliveryItem
  doing: Doing
  chosen: boolean
  onChoose: ((id: string) => void) | null
}) {
  const t = useText()
  const { item, doing } = props
  const { outbox } = doing
  const unit = item.commitment?.activity?.unit ?? ''
  const row = { id: item.id, version: item.version, title: titleOf(item) }
  const draft = draftAbout(outbox, item.id)
  const start = useStart(outbox)
  const dispute = useDraftForm('dispute', row, outbox, draft)
  const settle = useDraftForm('settle', row, outbox, draft)
  const refuse = useDraftForm('refuse', row, outbox, draft)
  const forms = [dispute, settle, refuse]
  const idle = !draft && !doing.looking && forms.every((form) => !form.open)
  const can = item.viewerCan
  const last = item.verifications.filter((one) => one.act === 'DISPUTED' || one.act === 'REVERSAL_REQUESTED').at(-1)
  return (
    <article className="card item" aria-label={row.title}>
      <header>
        {props.onChoose && can.verify && idle && (
          <label className="choose">
            <input type="checkbox" checked={props.chosen} onChange={() => props.onChoose?.(item.id)} />
            <span className="hidden-text">
              {t('Chọn để xác nhận: ', 'Choose to confirm: ')} {row.title}
            </span>
          </label>
        )}
        <h3>{item.commitment?.activity?.name ?? t('Hoạt động', 'Activity')}</h3>
        <p className="amount">
          {number(item.quantity)} <small>{unit}</small>
        </p>
      </header>
      <Facts>
        <Fact name={t('Nơi nhận', 'Where')}>{item.commune?.name ?? item.via?.name ?? '–'}</Fact>
        <Fact name={item.side === 'RECEIVER' ? t('Bên nhận ghi', 'Written by the receiver') : t('Bên cam kết', 'Giver')}>
          {item.side === 'RECEIVER' ? (item.reportedBy?.name ?? '–') : (item.giver?.name ?? '–')}
        </Fact>
        {item.via && <Fact name={t('Qua', 'Through')}>{item.via.name}</Fact>}
        <Fact name={t('Ngày', 'On')}>{date(item.deliveredOn)}</Fact>
        {item.received !== null && (
          <Fact name={t('Bên nhận đếm', 'Receiver counted')}>
            {number(item.received)} {unit}
          </Fact>
        )}
        {item.commitment?.quantity && (
          <Fact name={t('Cả cam kết', 'Whole promise')}>
            {t(
              `${number(item.commitment.progress.confirmed)} xác nhận / ${number(item.commitment.quantity)}`,
              `${number(item.commitment.progress.confirmed)} confirmed / ${number(item.commitment.quantity)}`,
            )}
          </Fact>
        )}
        {item.evidence && (item.evidence.number || item.evidence.url) && (
          <Fact name={t('Minh chứng', 'Evidence')}>
            {item.evidence.number}{' '}
            {web(item.evidence.url) ? (
              <a href={web(item.evidence.url) ?? undefined} target="_blank" rel="noopener noreferrer nofollow">
                {item.evidence.url}
              </a>
            ) : (
              item.evidence.url
            )}
          </Fact>
        )}
        {item.waitingSince && (
          <Fact name={t('Đã chờ', 'Waiting')}>
            {t(`${daysBetween(item.waitingSince, doing.today)} ngày`, `${daysBetween(item.waitingSince, doing.today)} days`)}
          </Fact>
        )}
      </Facts>
      {last?.reason && (
        <blockquote>
          <p>{last.reason}</p>
          <small>
            {last.verifiedBy?.name} · {date(last.verifiedAt)}
          </small>
        </blockquote>
      )}
      {item.reason && <p className="hint">{item.reason}</p>}
      {draft && <DraftState draft={draft} outbox={outbox} unit={unit} />}
      {idle && can.verify && (
        <div className="buttons">
          <button type="button" className="button primary" onClick={() => start('confirm', row)}>
            <Icon name="check" /> {t('Đúng, xác nhận', 'Right, confirm')}
          </button>
          <button type="button" className="button" onClick={dispute.show}>
            {t('Khác số…', 'Another figure…')}
          </button>
        </div>
      )}
      {idle && can.decideReversal && (
        <>
          <p>
            <strong>{item.reversalRequestedBy?.name}</strong>{' '}
            {t('xin đảo số liệu đã xác nhận này (không tính nữa).', 'asks to take this confirmed figure back (it would no longer count).')}
          </p>
          <div className="buttons">
            <button type="button" className="button primary" onClick={() => start('consent', row)}>
              {t('Chấp thuận', 'Consent')}
            </button>
            <button type="button" className="button" onClick={refuse.show}>
              {t('Không chấp thuận…', 'Refuse…')}
            </button>
          </div>
        </>
      )}
      {idle && (can.agree || can.settle) && (
        <div className="buttons">
          {can.agree && <AgreeButton item={item} agree={() => start('agree', row)} unit={unit} />}
          {can.settle && (
            <button type="button" className="button" onClick={settle.show}>
              {t('Quyết định số liệu…', 'Decide the figure…')}
            </button>
          )}
        </div>
      )}
      {dispute.open && (
        <ReasonForm
          form={dispute}
          figure={{ label: t('Số bạn đếm được', 'What you counted'), unit, reported: item.quantity }}
          reasonLabel={t('Vì sao khác', 'Why it differs')}
          send={t('Gửi đề nghị đối soát', 'Send the dispute')}
        />
      )}
      {settle.open && (
        <ReasonForm
          form={settle}
          figure={{ label: t('Số liệu quyết định', 'The figure decided'), unit, reported: item.quantity }}
          reasonLabel={t('Căn cứ', 'On what grounds')}
          send={t('Quyết định', 'Decide')}
        />
      )}
      {refuse.open && <ReasonForm form={refuse} reasonLabel={t('Lý do', 'Reason')} send={t('Không chấp thuận', 'Refuse')} />}
    </article>
  )
}

/** Which figure one agrees to is said on the button: nobody agrees to a number unseen. */
function AgreeButton({ item, agree, unit }: { item: DeliveryItem; agree: () => void; unit: string }) {
  const t = useText()
  return (
    <button type="button" className="button primary" onClick={agree}>
      {t('Đồng ý với số của bên kia', 'Take the other side’s figure')}
      <small className="on-button">
        {t(
          `báo cáo ${number(item.quantity)} · bên nhận ${number(item.received)} ${unit}`,
          `reported ${number(item.quantity)} · received ${number(item.received)} ${unit}`,
        )}
      </small>
    </button>
  )
}
