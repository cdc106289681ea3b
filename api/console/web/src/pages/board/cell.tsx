// What stands behind one cell: the figures, who has a part in them, and the operation.
import Board from '@operations/Board.graphql?raw'
import PlacePage from '@operations/PlacePage.graphql?raw'
import { number } from '../../format'
import { useText } from '../../language'
import { Link } from '../../router'
import { editorLink } from '../../share'
import { Dialog } from '../../ui/parts'
import { Bars } from './heat-map'
import type { BoardCell } from './pivot'

export function CellDialog(props: { cell: BoardCell; filter: Record<string, unknown>; onClose: () => void }) {
  const t = useText()
  const { cell } = props
  const figures: [string, string | null][] = [
    [t('Nhu cầu', 'Needed'), cell.need],
    [t('Đã cam kết', 'Promised'), cell.promised],
    [t('Đã báo cáo', 'Reported'), cell.reported],
    [t('Đã xác nhận', 'Confirmed'), cell.confirmed],
    [t('Chờ xác nhận', 'Not verified yet'), cell.unverified],
    [t('Đang đối soát', 'In dispute'), cell.disputed],
    [t('Chênh lệch', 'Difference'), cell.difference],
    [t('Chưa có cam kết', 'Not promised by anyone'), cell.uncovered],
    [t('Còn thiếu', 'Lacking'), cell.gap],
  ]
  const shownFigures = figures.filter(([, value]) => value !== null)
  const variables = {
    filter: { ...props.filter, placeIds: [cell.place.id], activityIds: [cell.activity.id] },
  }
  return (
    <Dialog
      title={cell.place.name}
      onClose={props.onClose}
      footer={
        <>
          <Link className="button" href={editorLink(PlacePage, { code: cell.place.code, asOf: null, first: 20 })}>
            {t('Trang của đơn vị', 'Page of the place')}
          </Link>
          <Link className="button primary" href={editorLink(Board, variables)}>
            {t('Mở truy vấn của ô này', 'Open the query of this cell')}
          </Link>
        </>
      }
    >
      <p>
        <strong>{cell.activity.name}</strong> <small>{cell.activity.unit}</small>
        {cell.ofPredecessor && (
          <>
            <br />
            <small>
              {t(
                'Số liệu của đơn vị cũ, nay đã sắp xếp lại; không tính vào dòng nào khác.',
                'Figures of a former unit; they are counted in no other row.',
              )}
            </small>
          </>
        )}
      </p>
      <dl className="cell-figures">
        {shownFigures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
      </dl>
      {cell.givers.length > 0 && (
        <>
          <h3>{t('Các bên cam kết', 'Givers')}</h3>
          <ul className="givers">
            {cell.givers.map((row) => (
              <li key={row.giver.id}>
                <span>{row.giver.name}</span>
                <span className="numeric">
                  {number(row.confirmed)} <small>/ {Number(row.promised) ? number(row.promised) : number(row.reported)}</small>
                </span>
                <Bars cell={row} />
              </li>
            ))}
          </ul>
          <p className="legend">
            <span>
              <b className="promised" aria-hidden="true" /> {t('cam kết', 'promised')}
            </span>
            <span>
              <b className="reported" aria-hidden="true" /> {t('báo cáo', 'reported')}
            </span>
            <span>
              <b className="confirmed" aria-hidden="true" /> {t('xác nhận', 'confirmed')}
            </span>
          </p>
        </>
      )}
    </Dialog>
  )
}
