// What is late, what is disputed, what nobody has met: a figure each, and the first few.
import Disputes from '@operations/Disputes.graphql?raw'
import LateCommitments from '@operations/LateCommitments.graphql?raw'
import OpenNeeds from '@operations/OpenNeeds.graphql?raw'
import { useLoad } from '../../data/use-load'
import { date, number } from '../../format'
import { useText } from '../../language'
import { ask } from '../../net'
import { Link } from '../../router'
import { editorLink } from '../../share'
import { healthName } from '../../terms'

interface Named {
  code: string
  name: string
}

interface Late {
  commitments: {
    totalCount: number
    nodes: {
      id: string
      health: string
      lastDueOn: string | null
      giver: Named | null
      place: Named | null
      activity: (Named & { unit: string }) | null
      progress: { promised: string | null; confirmed: string; unmetOn: string | null }
    }[]
  }
}

interface Disputed {
  deliveries: {
    totalCount: number
    nodes: {
      id: string
      quantity: string
      received: string | null
      waitingSince: string | null
      giver: Named | null
      commune: Named | null
      commitment: { activity: (Named & { unit: string }) | null } | null
    }[]
  }
}

interface Needs {
  needs: {
    totalCount: number
    nodes: { id: string; commune: Named | null; activity: (Named & { unit: string }) | null; quantity: string; dueOn: string | null }[]
  }
}

const FEW = 4

export function Waiting() {
  const t = useText()
  const late = useLoad((signal) => ask<Late>(LateCommitments, { first: FEW }, signal), [])
  const disputes = useLoad((signal) => ask<Disputed>(Disputes, { first: FEW }, signal), [])
  const needs = useLoad((signal) => ask<Needs>(OpenNeeds, { first: FEW }, signal), [])
  return (
    <div className="waiting">
      <Panel
        kind="danger"
        title={t('Chậm tiến độ, quá hạn', 'Late')}
        count={late.data?.commitments.totalCount}
        href={editorLink(LateCommitments, { first: 50 })}
        none={t('Không có cam kết nào chậm.', 'Nothing is late.')}
      >
        {late.data?.commitments.nodes.map((row) => (
          <li key={row.id}>
            <strong>{row.place?.name ?? '–'}</strong> · {row.activity?.name}
            <small>
              {row.giver?.name} · {number(row.progress.confirmed)}/{number(row.progress.promised)} ·{' '}
              {healthName(row.health, t)}
              {row.progress.unmetOn && t(` từ ${date(row.progress.unmetOn)}`, ` since ${date(row.progress.unmetOn)}`)}
            </small>
          </li>
        ))}
      </Panel>
      <Panel
        kind="warning"
        title={t('Đang đối soát', 'In dispute')}
        count={disputes.data?.deliveries.totalCount}
        href={editorLink(Disputes, { first: 50 })}
        none={t('Không có số liệu nào đang đối soát.', 'No figures are in dispute.')}
      >
        {disputes.data?.deliveries.nodes.map((row) => (
          <li key={row.id}>
            <strong>{row.commune?.name ?? t('Qua đơn vị trung gian', 'With a carrier')}</strong> · {row.commitment?.activity?.name}
            <small>
              {row.giver?.name} · {t('báo cáo', 'reported')} {number(row.quantity)}, {t('bên nhận đếm', 'receiver counted')}{' '}
              {number(row.received)}
              {row.waitingSince && t(` · từ ${date(row.waitingSince)}`, ` · since ${date(row.waitingSince)}`)}
            </small>
          </li>
        ))}
      </Panel>
      <Panel
        kind="plain"
        title={t('Nhu cầu chưa được đáp ứng', 'Needs nobody has met')}
        count={needs.data?.needs.totalCount}
        href={editorLink(OpenNeeds, { first: 50 })}
        none={t('Không có nhu cầu nào đang mở.', 'No need stands open.')}
      >
        {needs.data?.needs.nodes.map((row) => (
          <li key={row.id}>
            <strong>{row.commune?.name ?? '–'}</strong> · {row.activity?.name}
            <small>
              {number(row.quantity)} {row.activity?.unit}
              {row.dueOn && t(` · cần trước ${date(row.dueOn)}`, ` · needed by ${date(row.dueOn)}`)}
            </small>
          </li>
        ))}
      </Panel>
    </div>
  )
}

function Panel(props: {
  kind: string
  title: string
  count: number | undefined
  href: string
  none: string
  children: React.ReactNode
}) {
  const t = useText()
  return (
    <section className={`card waiting-panel ${props.kind}`} aria-label={props.title}>
      <h2>
        {props.title}
        <span className="count">{props.count ?? '…'}</span>
      </h2>
      {props.count === 0 ? <p className="hint">{props.none}</p> : <ul>{props.children}</ul>}
      {(props.count ?? 0) > 0 && (
        <Link className="no-print" href={props.href}>
          {(props.count ?? 0) > FEW
            ? t(`Xem cả ${props.count}`, `See all ${props.count}`)
            : t('Mở truy vấn', 'Open the query')}
        </Link>
      )}
    </section>
  )
}
