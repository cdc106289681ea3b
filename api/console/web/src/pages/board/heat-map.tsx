// The board as a picture that is a table: a screen reader reads it cell by cell.
import { number, share } from '../../format'
import { useText, type Text } from '../../language'
import { cellKey, mosts, tone, type Board, type BoardCell, type Measure } from './pivot'

interface Props {
  board: Board
  measure: Measure
  onOpen: (cell: BoardCell) => void
}

/** What a cell says aloud: everything it stands for, not only its colour. */
export function spoken(cell: BoardCell, t: Text): string {
  const unit = cell.activity.unit
  const parts = [
    `${cell.place.name}, ${cell.activity.name}:`,
    t(`cam kết ${number(cell.promised)}`, `promised ${number(cell.promised)}`),
    t(`báo cáo ${number(cell.reported)}`, `reported ${number(cell.reported)}`),
    t(`xác nhận ${number(cell.confirmed)} ${unit}`, `confirmed ${number(cell.confirmed)} ${unit}`),
  ]
  if (cell.need !== null) parts.push(t(`nhu cầu ${number(cell.need)}`, `needed ${number(cell.need)}`))
  if (cell.gap !== null) parts.push(t(`còn thiếu ${number(cell.gap)}`, `lacking ${number(cell.gap)}`))
  if (Number(cell.disputed) > 0) parts.push(t(`đang đối soát ${number(cell.disputed)}`, `in dispute ${number(cell.disputed)}`))
  return parts.join(', ').replace(':,', ':')
}

function shown(cell: BoardCell, measure: Measure): { big: string; small: string } {
  if (measure === 'progress') {
    const promised = Number(cell.promised) > 0
    return { big: number(cell.confirmed), small: promised ? `/ ${number(cell.promised)}` : '' }
  }
  if (measure === 'gap') {
    return cell.gap === null ? { big: '', small: '' } : { big: number(cell.gap), small: `/ ${number(cell.need)}` }
  }
  return { big: Number(cell[measure]) ? number(cell[measure]) : '0', small: '' }
}

export function HeatMap({ board, measure, onOpen }: Props) {
  const t = useText()
  const most = mosts(board, measure)
  return (
    <>
      <div className="table-box heat-box" role="region" aria-label={t('Bản đồ nhiệt', 'Heat map')} tabIndex={0}>
        <table className="heat">
          <thead>
            <tr>
              <th scope="col">{t('Đơn vị', 'Place')}</th>
              {board.activities.map((activity) => (
                <th scope="col" key={activity.id}>
                  {activity.name}
                  <small>{activity.unit}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {board.places.map((row) => (
              <tr key={row.key}>
                <th scope="row">
                  {row.place.name}
                  {row.ofPredecessor && <small>{t('đơn vị cũ', 'former unit')}</small>}
                </th>
                {board.activities.map((activity) => {
                  const cell = board.cells.get(cellKey(row.key, activity.id))
                  if (!cell) {
                    return (
                      <td key={activity.id}>
                        <span className="hidden-text">{t('không có', 'nothing')}</span>
                      </td>
                    )
                  }
                  const text = shown(cell, measure)
                  return (
                    <td key={activity.id}>
                      <button
                        type="button"
                        className={`cell ${tone(cell, measure, most.get(activity.id) ?? 0) ?? ''}`}
                        onClick={() => onOpen(cell)}
                      >
                        <span>{text.big}</span>
                        <small>{text.small}</small>
                        {Number(cell.disputed) > 0 && <i aria-hidden="true">≠</i>}
                        <span className="hidden-text"> {spoken(cell, t)}</span>
                      </button>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Legend measure={measure} />
    </>
  )
}

function Legend({ measure }: { measure: Measure }) {
  const t = useText()
  const steps =
    measure === 'gap'
      ? [
          ['lack-3', t('thiếu hơn 2/3', 'more than 2/3 lacking')],
          ['lack-2', t('thiếu 1/3–2/3', '1/3–2/3 lacking')],
          ['lack-1', t('thiếu dưới 1/3', 'less than 1/3 lacking')],
          ['heat-4', t('đã đủ', 'met')],
        ]
      : [
          ['heat-0', t('chưa có', 'nothing yet')],
          ['heat-1', t('dưới 1/3', 'under 1/3')],
          ['heat-2', t('1/3–2/3', '1/3–2/3')],
          ['heat-3', t('trên 2/3', 'over 2/3')],
          ['heat-4', t('đủ', 'all')],
        ]
  return (
    <p className="legend">
      {measure === 'progress' && <span>{t('Đã xác nhận / đã cam kết:', 'Confirmed / promised:')}</span>}
      {measure === 'gap' && <span>{t('Còn thiếu / nhu cầu:', 'Lacking / needed:')}</span>}
      {measure !== 'progress' && measure !== 'gap' && (
        <span>{t('So với xã cao nhất của hoạt động:', 'Compared with the highest commune of the activity:')}</span>
      )}
      {steps.map(([step, label]) => (
        <span key={step}>
          <b className={step} aria-hidden="true" /> {label}
        </span>
      ))}
      <span>
        <b className="mark" aria-hidden="true">
          ≠
        </b>{' '}
        {t('đang đối soát', 'in dispute')}
      </span>
    </p>
  )
}

/** The same on a phone: commune by commune, with bars. */
export function Communes({ board, measure, onOpen }: Props) {
  const t = useText()
  return (
    <div className="communes">
      {board.places.map((row) => {
        const cells = board.activities
          .map((activity) => board.cells.get(cellKey(row.key, activity.id)))
          .filter((cell): cell is BoardCell => cell !== undefined && (measure !== 'gap' || cell.gap !== null))
        if (!cells.length) return null
        return (
          <section
            className="card"
            key={row.key}
            aria-label={row.place.name + (row.ofPredecessor ? t(' (đơn vị cũ)', ' (former unit)') : '')}
          >
            <h3>
              {row.place.name} {row.ofPredecessor && <span className="tag">{t('đơn vị cũ', 'former unit')}</span>}
            </h3>
            <ul>
              {cells.map((cell) => (
                <li key={cell.activity.id}>
                  <button type="button" className="activity-row" onClick={() => onOpen(cell)}>
                    <span className="activity-name">{cell.activity.name}</span>
                    <span className="activity-figure">
                      {shown(cell, measure).big} <small>{shown(cell, measure).small}</small>
                      {Number(cell.disputed) > 0 && <i aria-hidden="true"> ≠</i>}
                    </span>
                    <Bars cell={cell} />
                    <span className="hidden-text"> {spoken(cell, t)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}

/** Promised behind, reported over it, confirmed in front. */
export function Bars({ cell }: { cell: { need?: string | null; promised: string; reported: string; confirmed: string } }) {
  const most = String(Math.max(Number(cell.need ?? 0), Number(cell.promised), Number(cell.reported), 1))
  const width = (value: string) => `${(share(value, most) ?? 0) * 100}%`
  return (
    <span className="bars" aria-hidden="true">
      <span className="promised" style={{ width: width(cell.promised) }} />
      <span className="reported" style={{ width: width(cell.reported) }} />
      <span className="confirmed" style={{ width: width(cell.confirmed) }} />
    </span>
  )
}
