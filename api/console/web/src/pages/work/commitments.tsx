// A promise that waits for the receiver's word, a change of one, and what is overdue.
import CommitmentHistory from '@operations/CommitmentHistory.graphql?raw'
import { date, daysBetween, number } from '../../format'
import { useText } from '../../language'
import { Link } from '../../router'
import { editorLink } from '../../share'
import { healthName } from '../../terms'
import { Icon } from '../../ui/parts'
import { DraftState, draftAbout, Fact, Facts, useDraftForm, useStart, type Doing } from './card'
import { ReasonForm } from './reason-form'
import type { CommitmentItem } from './queue'

const titleOf = (item: CommitmentItem) => [item.activity?.name, item.place?.name].filter(Boolean).join(' · ')

export function CommitmentCard({ item, doing }: { item: CommitmentItem; doing: Doing }) {
  const pending = item.amendments.find((one) => one.state === 'PENDING')
  return pending && item.viewerCan.decideAmendment ? (
    <AmendmentCard item={item} amendment={pending} doing={doing} />
  ) : (
    <ProposalCard item={item} doing={doing} />
  )
}

function Head({ item }: { item: CommitmentItem }) {
  const t = useText()
  return (
    <header>
      <h3>{item.activity?.name ?? t('Hoạt động', 'Activity')}</h3>
      <p className="amount">
        {item.quantity === null ? t('không ấn định', 'open') : number(item.quantity)} <small>{item.activity?.unit}</small>
      </p>
    </header>
  )
}

function ProposalCard({ item, doing }: { item: CommitmentItem; doing: Doing }) {
  const t = useText()
  const { outbox } = doing
  const row = { id: item.id, version: item.version, title: titleOf(item) }
  const draft = draftAbout(outbox, item.id)
  const start = useStart(outbox)
  const decline = useDraftForm('decline', row, outbox, draft)
  const idle = !draft && !doing.looking && !decline.open
  return (
    <article className="card item" aria-label={row.title}>
      <Head item={item} />
      <Facts>
        <Fact name={t('Bên cam kết', 'Giver')}>{item.giver?.name ?? '–'}</Fact>
        <Fact name={t('Nơi nhận', 'Where')}>{item.place?.name ?? '–'}</Fact>
        <Fact name={t('Thời hạn', 'Due')}>
          {item.schedule.map((due) => t(`${number(due.quantity)} đến ${date(due.dueOn)}`, `${number(due.quantity)} by ${date(due.dueOn)}`)).join('; ') || '–'}
        </Fact>
        {item.documents.length > 0 && (
          <Fact name={t('Văn bản', 'Documents')}>{item.documents.map((one) => one.reference).join(', ')}</Fact>
        )}
        {item.waitingSince && (
          <Fact name={t('Đã chờ', 'Waiting')}>
            {t(`${daysBetween(item.waitingSince, doing.today)} ngày`, `${daysBetween(item.waitingSince, doing.today)} days`)}
          </Fact>
        )}
      </Facts>
      {item.text && (
        <blockquote>
          <p>{item.text}</p>
        </blockquote>
      )}
      {draft && <DraftState draft={draft} outbox={outbox} unit={item.activity?.unit} />}
      {idle && item.viewerCan.accept && (
        <div className="buttons">
          <button type="button" className="button primary" onClick={() => start('accept', row)}>
            <Icon name="check" /> {t('Chấp thuận', 'Accept')}
          </button>
          <button type="button" className="button" onClick={decline.show}>
            {t('Từ chối…', 'Decline…')}
          </button>
        </div>
      )}
      {!item.viewerCan.accept && !doing.looking && <ManagerOnly />}
      {decline.open && <ReasonForm form={decline} reasonLabel={t('Lý do từ chối', 'Why it is declined')} send={t('Từ chối', 'Decline')} />}
    </article>
  )
}

function AmendmentCard(props: { item: CommitmentItem; amendment: CommitmentItem['amendments'][number]; doing: Doing }) {
  const t = useText()
  const { item, amendment, doing } = props
  const { outbox } = doing
  // The amendment is decided on, at the version of its commitment.
  const row = { id: amendment.id, version: item.version, title: titleOf(item) }
  const draft = draftAbout(outbox, amendment.id)
  const start = useStart(outbox)
  const decline = useDraftForm('declineAmendment', row, outbox, draft)
  const idle = !draft && !doing.looking && !decline.open
  const told = (promise: typeof amendment.before) =>
    [
      number(promise.quantity),
      promise.place?.name !== amendment.before.place?.name || amendment.before.place?.name !== amendment.after.place?.name
        ? promise.place?.name
        : '',
      promise.schedule.map((due) => t(`${number(due.quantity)} đến ${date(due.dueOn)}`, `${number(due.quantity)} by ${date(due.dueOn)}`)).join('; '),
    ]
      .filter(Boolean)
      .join(' · ')
  return (
    <article className="card item" aria-label={t(`Điều chỉnh: ${row.title}`, `Amendment: ${row.title}`)}>
      <Head item={item} />
      <p>
        <span className="tag warning">{t('Xin điều chỉnh', 'Amendment')}</span>{' '}
        <strong>{item.giver?.name}</strong> · {item.place?.name}
      </p>
      <Facts>
        <Fact name={t('Hiện nay', 'As it stands')}>{told(amendment.before)}</Fact>
        <Fact name={t('Xin đổi thành', 'As asked')}>
          <strong>{told(amendment.after)}</strong>
        </Fact>
        {amendment.document && <Fact name={t('Văn bản', 'Document')}>{amendment.document.reference}</Fact>}
        <Fact name={t('Ngày xin', 'Asked on')}>{date(amendment.amendedAt)}</Fact>
      </Facts>
      <blockquote>
        <p>{amendment.reason}</p>
      </blockquote>
      {draft && <DraftState draft={draft} outbox={outbox} unit={item.activity?.unit} />}
      {idle && (
        <div className="buttons">
          <button type="button" className="button primary" onClick={() => start('acceptAmendment', row)}>
            <Icon name="check" /> {t('Chấp thuận điều chỉnh', 'Accept the amendment')}
          </button>
          <button type="button" className="button" onClick={decline.show}>
            {t('Không chấp thuận…', 'Decline…')}
          </button>
        </div>
      )}
      {decline.open && <ReasonForm form={decline} reasonLabel={t('Lý do', 'Reason')} send={t('Không chấp thuận', 'Decline')} />}
    </article>
  )
}

function ManagerOnly() {
  const t = useText()
  return <p className="hint">{t('Chỉ người quản lý của đơn vị quyết định được.', 'Only a manager of the party can decide this.')}</p>
}

export function OverdueCard({ item, doing }: { item: CommitmentItem; doing: Doing }) {
  const t = useText()
  return (
    <article className="card item" aria-label={titleOf(item)}>
      <Head item={item} />
      <Facts>
        <Fact name={t('Bên cam kết', 'Giver')}>{item.giver?.name ?? '–'}</Fact>
        <Fact name={t('Nơi nhận', 'Where')}>{item.place?.name ?? '–'}</Fact>
        <Fact name={t('Hạn cuối', 'Last due')}>
          {date(item.lastDueOn)}
          {item.lastDueOn && item.lastDueOn < doing.today && (
            <> ({t(`quá ${daysBetween(item.lastDueOn, doing.today)} ngày`, `${daysBetween(item.lastDueOn, doing.today)} days past`)})</>
          )}
        </Fact>
        <Fact name={t('Đã xác nhận', 'Confirmed')}>
          {number(item.progress.confirmed)} / {number(item.progress.promised)}
        </Fact>
        {item.health && <Fact name={t('Tình trạng', 'State')}>{healthName(item.health, t)}</Fact>}
      </Facts>
      <p>
        <Link href={editorLink(CommitmentHistory, { id: item.id, filter: { commitment: { eq: item.id } } })}>
          {t('Quá trình của cam kết này', 'History of this promise')}
        </Link>
      </p>
    </article>
  )
}
