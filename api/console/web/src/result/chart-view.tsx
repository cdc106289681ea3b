// A chart where the shape of a table allows one: bars for names, a line for days. Drawn by hand.
import { useMemo, useState } from 'react'
import { date, number } from '../format'
import { useText } from '../language'
import { compare, type Row, type Table } from './flatten'
import { headingOf } from './names'
import { kindFor, ticks, type Shape } from './shape'

const MOST = 60
const SERIES = 3

export function ChartView({ table, shape }: { table: Table; shape: Shape }) {
  const t = useText()
  const heading = (column: string) => headingOf(table.path, column, t)
  const [label, setLabel] = useState(shape.label)
  const [values, setValues] = useState<string[]>(shape.values.slice(0, 1))
  const labels = shape.labels.includes(label) ? label : shape.label
  const chosen = values.filter((value) => shape.values.includes(value))
  const series = chosen.length ? chosen : shape.values.slice(0, 1)
  const kind = kindFor(table.rows, labels)
  const name = `${series.map(heading).join(', ')} ${t('theo', 'by')} ${heading(labels)}`
  const toggle = (value: string) =>
    setValues(series.includes(value) ? series.filter((one) => one !== value) : [...series, value].slice(-SERIES))
  return (
    <div className="chart">
      <div className="chart-controls">
        <div className="field">
          <label htmlFor="chart-label">{t('Theo', 'By')}</label>
          <select id="chart-label" value={labels} onChange={(event) => setLabel(event.target.value)}>
            {shape.labels.map((column) => (
              <option key={column} value={column}>
                {heading(column)}
              </option>
            ))}
          </select>
        </div>
        <fieldset className="choices chart-values">
          <legend>{t(`Số liệu (tối đa ${SERIES})`, `Figures (at most ${SERIES})`)}</legend>
          {shape.values.map((column) => (
            <label key={column}>
              <input type="checkbox" checked={series.includes(column)} onChange={() => toggle(column)} />
              <span>{heading(column)}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <p className="legend">
        {series.map((column, index) => (
          <span key={column}>
            <b className={`series-${index}`} aria-hidden="true" /> {heading(column)}
          </span>
        ))}
      </p>
      {kind === 'line' ? (
        <Line name={name} rows={table.rows} label={labels} series={series} />
      ) : (
        <Bars name={name} rows={table.rows} label={labels} also={alsoNamed(table, labels, shape.labels)} series={series} />
      )}
    </div>
  )
}

/** Where names repeat, what tells them apart: the next column of names. */
function alsoNamed(table: Table, label: string, labels: string[]): string | null {
  const names = table.rows.map((row) => row[label])
  if (new Set(names).size === names.length) return null
  const others = labels.filter((other) => other !== label && !/(^|\.)(code|unit|id)$/.test(other))
  return others.find((other) => new Set(table.rows.map((row) => `${row[label]} ${row[other]}`)).size === names.length) ?? others[0] ?? null
}

function Bars({ name, rows, label, also, series }: { name: string; rows: Row[]; label: string; also: string | null; series: string[] }) {
  const t = useText()
  const filled = rows.filter((row) => series.some((column) => row[column] !== null && row[column] !== undefined))
  const shown = filled.slice(0, MOST)
  const numbers = shown.flatMap((row) => series.map((column) => Number(row[column] ?? 0)))
  const most = Math.max(1e-9, ...numbers.map(Math.abs))
  return (
    <>
      <ul className="chart-bars" aria-label={t(`Biểu đồ cột: ${name}`, `Bar chart: ${name}`)}>
        {shown.map((row, index) => (
          <li key={index}>
            <span className="chart-name">
              {String(row[label] ?? '–')}
              {also && typeof row[also] === 'string' && <small> · {row[also]}</small>}
            </span>
            <span className="chart-lines">
              {series.map((column, at) => {
                const value = Number(row[column] ?? 0)
                return (
                  <span key={column} className="chart-line">
                    <span
                      className={`chart-bar series-${at} ${value < 0 ? 'below' : ''}`}
                      style={{ width: `${(Math.abs(value) / most) * 100}%` }}
                    />
                    <span className="chart-value">{row[column] === null || row[column] === undefined ? '–' : number(String(row[column]))}</span>
                  </span>
                )
              })}
            </span>
          </li>
        ))}
      </ul>
      {filled.length > MOST && (
        <p className="hint">{t(`Hiện ${MOST} dòng đầu trong ${filled.length}.`, `The first ${MOST} rows of ${filled.length}.`)}</p>
      )}
    </>
  )
}

const WIDE = 800
const HIGH = 320
const LEFT = 90
const BOTTOM = 40

function Line({ name, rows, label, series }: { name: string; rows: Row[]; label: string; series: string[] }) {
  const t = useText()
  const points = useMemo(
    () => rows.filter((row) => typeof row[label] === 'string').sort((a, b) => compare(a[label], b[label])),
    [rows, label],
  )
  if (points.length < 2) return <p className="hint">{t('Cần ít nhất hai ngày.', 'At least two days are needed.')}</p>
  const times = points.map((row) => Date.parse(String(row[label])))
  const [begin, end] = [times[0] as number, times.at(-1) as number]
  const numbers = points.flatMap((row) => series.map((column) => Number(row[column] ?? 0)))
  const marks = ticks(Math.min(...numbers), Math.max(...numbers))
  const [low, high] = [marks[0] as number, marks.at(-1) as number]
  const x = (time: number) => LEFT + ((time - begin) / Math.max(1, end - begin)) * (WIDE - LEFT - 20)
  const y = (value: number) => 10 + (1 - (value - low) / (high - low)) * (HIGH - BOTTOM - 10)
  return (
    <svg
      className="chart-svg"
      viewBox={`0 0 ${WIDE} ${HIGH}`}
      role="img"
      aria-label={t(`Biểu đồ đường: ${name}; số liệu ở thẻ Bảng`, `Line chart: ${name}; the figures are under Table`)}
    >
      {marks.map((mark) => (
        <g key={mark}>
          <line x1={LEFT} x2={WIDE - 20} y1={y(mark)} y2={y(mark)} className="grid" />
          <text x={LEFT - 8} y={y(mark) + 4} textAnchor="end">
            {number(mark)}
          </text>
        </g>
      ))}
      {[begin, (begin + end) / 2, end].map((time, index) => (
        <text key={index} x={x(time)} y={HIGH - 12} textAnchor={index === 0 ? 'start' : index === 1 ? 'middle' : 'end'}>
          {date(new Date(time).toISOString())}
        </text>
      ))}
      {series.map((column, index) => (
        <g key={column} className={`line series-${index}`}>
          <polyline points={points.map((row, at) => `${x(times[at] as number)},${y(Number(row[column] ?? 0))}`).join(' ')} />
          {points.map((row, at) => (
            <circle key={at} cx={x(times[at] as number)} cy={y(Number(row[column] ?? 0))} r="3">
              <title>{`${date(String(row[label]))}: ${number(String(row[column] ?? ''))}`}</title>
            </circle>
          ))}
        </g>
      ))}
    </svg>
  )
}
