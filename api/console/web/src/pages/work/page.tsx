// What waits for me. Made for an officer's phone: large targets, nothing lost without a network, and
// nothing shown as done that the server has not said is done.
import { useCallback, useEffect, useState } from 'react'
import './work.css'
import { useLoad } from '../../data/use-load'
import { instant } from '../../format'
import { useText } from '../../language'
import { useTitle } from '../../router'
import { useSession } from '../../session'
import { Icon, Loading, Notice } from '../../ui/parts'
import { CommitmentCard, OverdueCard } from './commitments'
import { ConfirmBar } from './confirm'
import { DeliveryCard } from './deliveries'
import { NoteCard } from './notes'
import { useOutbox } from './outbox'
import { OutboxPanel } from './outbox-panel'
import { readMore, readWork, type Page, type Queue, type Work } from './queue'
import { ReceiptDialog } from './receipt'
import type { Doing } from './card'

export default function WorkPage() {
  const t = useText()
  useTitle(t('Việc cần làm', 'My work'))
  const { session } = useSession()
  const load = useLoad(readWork, [])
  const outbox = useOutbox(load.again)
  const [receipt, setReceipt] = useState(false)
  const work = load.data
  const looking = session.viewAs !== null
  const may = work?.role === 'MANAGER' || work?.role === 'REPORTER'
  const receives = may && !looking && work.party?.kind === 'COMMUNE_AUTHORITY'
  const written = outbox.drafts.find((draft) => draft.act === 'receipt' && draft.state !== 'done' && draft.state !== 'waiting')
  return (
    <div className="work">
      <div className="page-head">
        <h1>{t('Việc cần làm', 'My work')}</h1>
        <div className="buttons">
          <button type="button" className="button" onClick={load.again} disabled={load.loading}>
            <Icon name="refresh" /> {t('Đọc lại', 'Refresh')}
          </button>
          {receives && (
            <button type="button" className="button primary" onClick={() => setReceipt(true)}>
              <Icon name="plus" /> {written ? t('Viết tiếp phiếu nhận', 'Go on with the receipt') : t('Ghi nhận đã nhận', 'Record a receipt')}
            </button>
          )}
        </div>
      </div>
      <p className="hint" role="status">
        {load.at && t(`Danh sách lúc ${instant(load.at)}.`, `As of ${instant(load.at)}.`)}
        {load.failed === 'unreachable' && work && t(' Chưa đọc lại được; danh sách có thể đã cũ.', ' Could not read again; it may be out of date.')}
      </p>
      {looking && (
        <Notice>
          <p>{t('Bạn đang xem việc của đơn vị khác; không làm thay được.', 'You are looking at the work of another party; you cannot act for it.')}</p>
        </Notice>
      )}
      <OutboxPanel outbox={outbox} onReceipt={() => setReceipt(true)} />
      {load.failed === 'refused' && (
        <Notice kind="danger">
          <p>{load.message}</p>
        </Notice>
      )}
      {!work && load.loading && <Loading />}
      {!work && load.failed === 'unreachable' && (
        <Notice kind="warning">
          <p>{t('Chưa đọc được danh sách. Sẽ đọc lại khi có mạng.', 'The list cannot be read yet. It will be once there is a network.')}</p>
        </Notice>
      )}
      {work && <Lists work={work} outbox={outbox} looking={looking} />}
      {receipt && work?.party?.commune && (
        <ReceiptDialog
          commune={work.party.commune}
          today={work.today}
          outbox={outbox}
          draft={written}
          onClose={() => setReceipt(false)}
        />
      )}
    </div>
  )
}

function Lists(props: { work: Work; outbox: ReturnType<typeof useOutbox>; looking: boolean }) {
  const t = useText()
  const { work, outbox } = props
  const [queue, setQueue] = useState(work.workQueue)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => setQueue(work.workQueue), [work.workQueue])

  const more = useCallback(async (list: keyof Queue, after: string | null) => {
    const page = await readMore(list, after)
    if (!page) return
    setQueue((before) => {
      const known = new Set(before[list].nodes.map((node) => node.id))
      const added = (page.nodes as { id: string }[]).filter((node) => !known.has(node.id))
      return { ...before, [list]: { ...page, nodes: [...before[list].nodes, ...added] } }
    })
  }, [])

  const doing: Doing = { outbox, looking: props.looking, today: work.today }
  const toggle = (id: string) =>
    setChosen((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const busy = new Set(outbox.drafts.filter((draft) => draft.state !== 'done').flatMap((draft) => draft.rows.map((row) => row.id)))
  const verifiable = (list: 'toVerify' | 'nextToVerify') =>
    queue[list].nodes.filter((item) => item.viewerCan.verify && !busy.has(item.id) && !props.looking)
  const selected = [...verifiable('toVerify'), ...verifiable('nextToVerify')].filter((item) => chosen.has(item.id))
  const chooseAll = (list: 'toVerify' | 'nextToVerify', yes: boolean) =>
    setChosen((before) => {
      const next = new Set(before)
      for (const item of verifiable(list)) {
        if (yes) next.add(item.id)
        else next.delete(item.id)
      }
      return next
    })
  const total = (Object.values(queue) as Page<unknown>[]).reduce((sum, page) => sum + page.totalCount, 0)

  const sections = [
    {
      key: 'toVerify' as const,
      title: t('Chờ xác nhận', 'To verify'),
      hint: t('Số liệu bên kia báo: đúng thì xác nhận, khác thì nêu số của mình.', 'What the other side reported: confirm it, or set your own figure against it.'),
      page: queue.toVerify,
    },
    {
      key: 'toAccept' as const,
      title: t('Chờ chấp thuận', 'To accept'),
      hint: t('Cam kết mới và điều chỉnh cần bạn đồng ý.', 'New promises and amendments that need your word.'),
      page: queue.toAccept,
    },
    { key: 'notes' as const, title: t('Ghi chú gửi đến', 'Notes to you'), hint: '', page: queue.notes },
    {
      key: 'disputed' as const,
      title: t('Đang đối soát', 'In dispute'),
      hint: t('Hai bên khác số: đồng ý với số của bên kia để kết thúc.', 'The two figures differ: taking the other one ends it.'),
      page: queue.disputed,
    },
    {
      key: 'nextToVerify' as const,
      title: t('Xác nhận thay cấp trước', 'To verify, next in line'),
      hint: t('Đã quá 15 ngày làm việc mà chưa ai xác nhận.', 'Nobody has verified it within 15 working days.'),
      page: queue.nextToVerify,
    },
    {
      key: 'nextToAccept' as const,
      title: t('Chấp thuận thay cấp trước', 'To accept, next in line'),
      hint: '',
      page: queue.nextToAccept,
    },
    { key: 'overdue' as const, title: t('Quá hạn', 'Overdue'), hint: t('Cam kết liên quan đến bạn đã qua hạn cuối.', 'Promises that concern you and are past their last due date.'), page: queue.overdue },
  ].filter((section) => section.page.totalCount > 0)

  if (total === 0) {
    return (
      <Notice kind="good">
        <p>{t('Không có việc gì đang chờ bạn.', 'Nothing waits for you.')}</p>
      </Notice>
    )
  }
  return (
    <>
      <nav className="work-jumps no-print" aria-label={t('Các mục', 'Sections')}>
        {sections.map((section) => (
          <a key={section.key} href={`#${section.key}`}>
            {section.title} <b>{section.page.totalCount}</b>
          </a>
        ))}
      </nav>
      {sections.map((section) => (
        <section key={section.key} id={section.key} className="work-section" aria-labelledby={`${section.key}-heading`}>
          <h2 id={`${section.key}-heading`}>
            {section.title} <span className="tag">{section.page.totalCount}</span>
          </h2>
          {section.hint && <p className="hint">{section.hint}</p>}
          {(section.key === 'toVerify' || section.key === 'nextToVerify') && (
            <ChooseAll
              items={verifiable(section.key)}
              chosen={chosen}
              choose={(yes) => chooseAll(section.key as 'toVerify' | 'nextToVerify', yes)}
            />
          )}
          <ul className="cards">
            {section.page.nodes.map((item) => (
              <li key={item.id}>
                {section.key === 'overdue' ? (
                  <OverdueCard item={item as Queue['overdue']['nodes'][number]} doing={doing} />
                ) : section.key === 'toAccept' || section.key === 'nextToAccept' ? (
                  <CommitmentCard item={item as Queue['toAccept']['nodes'][number]} doing={doing} />
                ) : section.key === 'notes' ? (
                  <NoteCard item={item as Queue['notes']['nodes'][number]} doing={doing} />
                ) : (
                  <DeliveryCard
                    item={item as Queue['toVerify']['nodes'][number]}
                    doing={doing}
                    chosen={chosen.has(item.id)}
                    onChoose={section.key === 'disputed' ? null : toggle}
                  />
                )}
              </li>
            ))}
          </ul>
          {section.page.pageInfo.hasNextPage && section.key !== 'notes' && (
            <MoreButton more={() => more(section.key, section.page.pageInfo.endCursor)} left={section.page.totalCount - section.page.nodes.length} />
          )}
        </section>
      ))}
      {selected.length > 0 && <ConfirmBar items={selected} doing={doing} onDone={() => setChosen(new Set())} />}
    </>
  )
}

function ChooseAll(props: { items: { id: string }[]; chosen: ReadonlySet<string>; choose: (yes: boolean) => void }) {
  const t = useText()
  const { items, chosen } = props
  if (items.length < 2) return null
  return (
    <label className="choose-all">
      <input
        type="checkbox"
        checked={items.every((item) => chosen.has(item.id))}
        onChange={(event) => props.choose(event.target.checked)}
      />
      {t(`Chọn cả ${items.length} lượt`, `Choose all ${items.length}`)}
    </label>
  )
}

function MoreButton({ more, left }: { more: () => Promise<void>; left: number }) {
  const t = useText()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  return (
    <p>
      <button
        type="button"
        className="button"
        disabled={state === 'busy'}
        onClick={() => {
          setState('busy')
          more().then(
            () => setState('idle'),
            () => setState('failed'),
          )
        }}
      >
        {t(`Xem thêm (còn ${left})`, `Show more (${left} left)`)}
      </button>
      {state === 'failed' && <span role="alert"> {t('Chưa tải được.', 'Not loaded.')}</span>}
    </p>
  )
}
