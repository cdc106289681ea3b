// The federated graph: who runs which part of it, whether that part is served, and what waits for the
// coordinator. Names, addresses and reasons are other people's text, shown as text.
import FederatedGraph from '@operations/FederatedGraph.graphql?raw'
import GraphHistory from '@operations/GraphHistory.graphql?raw'
import SubgraphVersions from '@operations/SubgraphVersions.graphql?raw'
import { useLoad } from '../../data/use-load'
import { date, instant } from '../../format'
import { useText } from '../../language'
import { ask } from '../../net'
import { Link } from '../../router'
import { editorLink } from '../../share'
import { approvalName, compositionReason } from '../../terms'
import { healthOf, type Graph, type Part, type PartHealth } from './parts'

const MOST = 50

export function GraphSection() {
  const t = useText()
  const load = useLoad((signal) => ask<Graph>(FederatedGraph, { first: MOST }, signal), [])
  const graph = load.data
  // Who runs no part of it and does not oversee it has nothing to see here.
  if (!graph || (graph.subgraphs.totalCount === 0 && graph.supergraphs.totalCount === 0)) return null
  const served = graph.supergraphs.nodes[0]
  const more = graph.subgraphs.totalCount - graph.subgraphs.nodes.length
  return (
    <section className="graph" aria-labelledby="graph-heading">
      <div className="page-head">
        <h2 id="graph-heading">{t('Đồ thị ghép', 'The federated graph')}</h2>
        <Link className="no-print" href={editorLink(FederatedGraph, { first: MOST })}>
          {t('Mở truy vấn của đồ thị', 'Open the query of the graph')}
        </Link>
      </div>
      <ul className="graph-parts">
        {served && (
          <li className="card graph-part good">
            <h3>{t('Phần chung', 'The common part')}</h3>
            <p className="graph-state">{t(`Đồ thị số ${served.number} đang phục vụ`, `Graph ${served.number} is served`)}</p>
            <small>
              {t('Ghép lúc', 'Composed')} {instant(served.composedAt)}
              {' · '}
              {served.goesBackTo === null
                ? compositionReason(served.reason, t)
                : t(`quay lại đồ thị số ${served.goesBackTo}`, `gone back to graph ${served.goesBackTo}`)}
              {' · '}
              {t(`${served.parts.length} đồ thị con`, served.parts.length === 1 ? '1 subgraph' : `${served.parts.length} subgraphs`)}
            </small>
            <Link className="no-print" href={editorLink(GraphHistory, { first: 20 })}>
              {t('Lịch sử đồ thị', 'History of the graph')}
            </Link>
          </li>
        )}
        {graph.subgraphs.nodes.map((part) => (
          <PartCard key={part.id} part={part} declined={graph.declined.nodes} />
        ))}
      </ul>
      {more > 0 && <p className="hint">{t(`Còn ${more} đồ thị con, xem trong truy vấn.`, `${more} more in the query.`)}</p>}
    </section>
  )
}

const KINDS: Record<PartHealth, 'good' | 'warning' | 'danger' | 'plain'> = {
  served: 'good',
  'served-and-waiting': 'warning',
  waiting: 'warning',
  declined: 'danger',
  absent: 'danger',
  retired: 'plain',
}

function PartCard({ part, declined }: { part: Part; declined: Graph['declined']['nodes'] }) {
  const t = useText()
  const { health, refusal } = healthOf(part, declined)
  const waits = part.waiting
  const words: Record<PartHealth, string> = {
    served: t('Đang phục vụ', 'Served'),
    'served-and-waiting': t('Đang phục vụ; bản mới chờ phê duyệt', 'Served; a new version waits for approval'),
    waiting: t('Chờ phê duyệt', 'Waits for approval'),
    declined: t('Bản mới nhất bị từ chối', 'The latest version was declined'),
    absent: t('Không có trong đồ thị', 'Not part of the graph'),
    retired: t('Đã ngừng', 'Retired'),
  }
  return (
    <li className={`card graph-part ${KINDS[health]}`}>
      <h3>{part.party?.name ?? '–'}</h3>
      <p className="graph-state">{words[health]}</p>
      <small>
        <code>{part.name}</code>
        {part.live && (
          <>
            {' · '}
            {t(`phiên bản ${part.live.number} từ ${date(part.live.publishedAt)}`, `version ${part.live.number} of ${date(part.live.publishedAt)}`)}
            {' · '}
            <span className="graph-url">{part.live.url}</span>
          </>
        )}
        {part.retiredAt && ` · ${t('từ', 'since')} ${date(part.retiredAt)}`}
      </small>
      {waits && (
        <p className="graph-waits">
          {t(`Phiên bản ${waits.number} cần phê duyệt: `, `Version ${waits.number} needs approval of: `)}
          {waits.approvalsNeeded.map((need, at) => (
            <span key={`${need.kind} ${need.value}`}>
              {at > 0 && '; '}
              {approvalName(need.kind, t)} <code>{need.value}</code>
            </span>
          ))}
        </p>
      )}
      {refusal && (
        <p className="graph-waits">
          {t(`Phiên bản ${refusal.number} bị từ chối: `, `Version ${refusal.number} was declined: `)}
          {refusal.reason ?? '–'}
        </p>
      )}
      <Link className="no-print" href={editorLink(SubgraphVersions, { subgraphId: part.id, first: 20 })}>
        {t(`Các phiên bản của ${part.name}`, `Versions of ${part.name}`)}
      </Link>
    </li>
  )
}
