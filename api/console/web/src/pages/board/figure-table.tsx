// The board as plain rows, to read, sort and print.
import { useState } from 'react'
import { number } from '../../format'
import { useText } from '../../language'
import { cellKey, type Board, type BoardCell } from './pivot'

type Column = 'place' | 'activity' | 'need' | 'promised' | 'reported' | 'confirmed' | 'disputed' | 'gap'

export function FigureTable({ board, onOpen }: { board: Board; onOpen: (cell: BoardCell) => void }) {
  const t = useText()
  const [sort, setSort] = useState<{ by: Column; down: boolean }>({ by: 'place', down: false })
  const rows = board.places.flatMap((row) =>
    board.activities.map((activity) => board.cells.get(cellKey(row.key, activity.id))).filter((cell) => cell !== undefined),
  )
  if (sort.by !== 'place' || sort.down) rows.sort((a, b) => compare(a, b, sort.by) * (sort.down ? -1 : 1))
  const columns: { key: Column; label: string; numeric?: true }[] = [
    { key: 'place', label: t('Đơn vị', 'Place') },
    { key: 'activity', label: t('Hoạt động', 'Activity') },
    { key: 'need', label: t('Nhu cầu', 'Needed'), numeric: true },
    { key: 'promised', label: t('Cam kết', 'Promised'), numeric: true },
    { key: 'reported', label: t('Báo cáo', 'Reported'), numeric: true },
    { key: 'confirmed', label: t('Xác nhận', 'Confirmed'), numeric: true },
    { key: 'disputed', label: t('Đối soát', 'In dispute'), numeric: true },
    { key: 'gap', label: t('Còn thiếu', 'Lacking'), numeric: true },
  ]
  return (
    <div className="table-box" role="region" aria-label={t('Bảng số liệu', 'Table of figures')} tabIndex={0}>
      <table className="figures">
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.numeric && 'numeric'}
                aria-sort={sort.by === column.key ? (sort.down ? 'descending' : 'ascending') : undefined}
              >
                <button
                  type="button"
                  className="sort"
                  onClick={() => setSort({ by: column.key, down: sort.by === column.key && !sort.down })}
                >
                  {column.label}
                  <span aria-hidden="true">{sort.by === column.key ? (sort.down ? '↓' : '↑') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cell) => (
            <tr key={cellKey(cell.place.id, cell.activity.id)}>
              <th scope="row">
                {cell.place.name} {cell.ofPredecessor && <small>({t('đơn vị cũ', 'former unit')})</small>}
              </th>
              <td>
                <button type="button" className="link-button" onClick={() => onOpen(cell)}>
                  {cell.activity.name}
                </button>{' '}
                <small>{cell.activity.unit}</small>
              </td>
              <td className="numeric">{number(cell.need)}</td>
              <td className="numeric">{number(cell.promised)}</td>
              <td className="numeric">{number(cell.reported)}</td>
              <td className="numeric">{number(cell.confirmed)}</td>
              <td className="numeric">{Number(cell.disputed) ? number(cell.disputed) : '–'}</td>
              <td className="numeric">{number(cell.gap)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function compare(a: BoardCell, b: BoardCell, by: Column): number {
  if (by === 'place') return a.place.name.localeCompare(b.place.name, 'vi')
  if (by === 'activity') return a.activity.name.localeCompare(b.activity.name, 'vi')
  const [left, right] = [a[by], b[by]]
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1
  return Number(left) - Number(right)
}
