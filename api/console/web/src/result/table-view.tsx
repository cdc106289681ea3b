// One table of an answer: sorted at a click, nested lists opened in place.
import { useMemo, useState } from 'react'
import { number, date, instant } from '../format'
import { useText } from '../language'
import { columnsOf, flatRow, hasRows, isNumericColumn, sorted, type Row, type Table, type Value } from './flatten'
import { below, codeAt, headingOf } from './names'

const STEP = 100

export function TableView({ table, nested = false }: { table: Table; nested?: boolean }) {
  const t = useText()
  // Ids say the least to a person: they stand last.
  const columns = useMemo(
    () => [...table.columns].sort((a, b) => Number(isId(a)) - Number(isId(b))),
    [table.columns],
  )
  const [sort, setSort] = useState<{ column: string; down: boolean } | null>(null)
  const [shown, setShown] = useState(STEP)
  const rows = useMemo(() => (sort ? sorted(table.rows, sort.column, sort.down) : table.rows), [table.rows, sort])
  const numeric = useMemo(
    () => new Set(columns.filter((column) => isNumericColumn(table.rows, column))),
    [table.rows, columns],
  )
  if (!table.rows.length) return <p className="hint">{t('Không có dòng nào.', 'No rows.')}</p>
  if (table.rows.length === 1 && !nested) return <OneRow path={table.path} row={table.rows[0] as Row} columns={columns} />
  return (
    <>
      <div className="table-box" role="region" aria-label={t('Kết quả dạng bảng', 'Result as a table')} tabIndex={0}>
        <table className="result-table">
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={numeric.has(column) ? 'numeric' : undefined}
                  aria-sort={sort?.column === column ? (sort.down ? 'descending' : 'ascending') : undefined}
                >
                  <button
                    type="button"
                    className="sort"
                    title={column}
                    onClick={() => setSort({ column, down: sort?.column === column && !sort.down })}
                  >
                    {headingOf(table.path, column, t)}
                    <span aria-hidden="true">{sort?.column === column ? (sort.down ? '↓' : '↑') : ''}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row, index) => (
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column} className={numeric.has(column) ? 'numeric' : undefined}>
                    <Cell path={below(table.path, column)} value={row[column]} numeric={numeric.has(column)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <p>
          <button type="button" className="button" onClick={() => setShown(shown + STEP * 5)}>
            {t(`Hiện thêm (còn ${rows.length - shown} dòng)`, `Show more (${rows.length - shown} rows left)`)}
          </button>
        </p>
      )}
    </>
  )
}

function OneRow({ path, row, columns }: { path: string; row: Row; columns: string[] }) {
  const t = useText()
  return (
    <div className="table-box" role="region" aria-label={t('Kết quả dạng bảng', 'Result as a table')} tabIndex={0}>
      <table className="result-table">
        <tbody>
          {columns.map((column) => (
            <tr key={column}>
              <th scope="row" title={column}>
                {headingOf(path, column, t)}
              </th>
              <td>
                <Cell path={below(path, column)} value={row[column]} numeric={isNumericColumn([row], column)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const isId = (column: string) => /(^|\.)(id|documentId)$/.test(column)

function Cell({ path, value, numeric }: { path: string; value: Value | undefined; numeric: boolean }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  if (value === null || value === undefined) return <span className="nothing">–</span>
  if (typeof value === 'boolean') return <>{value ? t('có', 'yes') : t('không', 'no')}</>
  if (Array.isArray(value)) {
    if (!value.length) return <span className="nothing">–</span>
    if (!hasRows(value)) return <>{value.map((one) => codeAt(path, String(one), t) ?? String(one)).join(', ')}</>
    const rows = value.map((item) => flatRow(item))
    return (
      <>
        <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(`${rows.length} dòng`, `${rows.length} rows`)} <span aria-hidden="true">{open ? '▾' : '▸'}</span>
        </button>
        {open && <TableView table={{ path, rows, columns: columnsOf(rows) }} nested />}
      </>
    )
  }
  if (numeric) return <>{number(String(value))}</>
  const text = String(value)
  const code = codeAt(path, text, t)
  if (code) return <>{code}</>
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return <span className="date">{date(text)}</span>
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text)) return <span className="date">{instant(text)}</span>
  return <span className={text.length > 40 && !/\s/.test(text) ? 'long' : undefined}>{text}</span>
}
