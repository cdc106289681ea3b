// An answer as a person wants it: table, chart, JSON, CSV.
import { useMemo, useState } from 'react'
import './result.css'
import { number } from '../format'
import { useText } from '../language'
import type { Answer } from '../net'
import { CopyButton, Segmented, Tabs } from '../ui/parts'
import { ChartView } from './chart-view'
import { csv, type Separator } from './csv'
import { Faults, type Jumps } from './faults'
import { tables, type Table, type Value } from './flatten'
import { headingOf } from './names'
import { shapeOf } from './shape'
import { TableView } from './table-view'

type Form = 'table' | 'chart' | 'json' | 'csv'
const MOST_JSON = 400_000

export function ResultView(props: { answer: Answer<Value>; name: string; jumps?: Jumps; began?: Form }) {
  const t = useText()
  const { answer } = props
  const [form, setForm] = useState<Form>(props.began ?? 'table')
  const [at, setAt] = useState(0)
  const found = useMemo(() => tables(answer.data ?? undefined), [answer.data])
  const table = found[Math.min(at, found.length - 1)]
  const shape = useMemo(() => (table ? shapeOf(table) : null), [table])
  const shown: Form = !table && form !== 'json' ? 'json' : form === 'chart' && !shape ? 'table' : form
  return (
    <div className="result">
      <Faults answer={answer} jumps={props.jumps} />
      <div className="result-head">
        <Tabs
          label={t('Dạng kết quả', 'Form of the result')}
          chosen={shown}
          onChoose={setForm}
          tabs={[
            ...(table ? [{ key: 'table' as const, label: t('Bảng', 'Table') }] : []),
            ...(shape ? [{ key: 'chart' as const, label: t('Biểu đồ', 'Chart') }] : []),
            { key: 'json' as const, label: 'JSON' },
            ...(table ? [{ key: 'csv' as const, label: 'CSV' }] : []),
          ]}
        />
        {found.length > 1 && shown !== 'json' && (
          <label className="which-table">
            <span>{t('Danh sách', 'List')}</span>
            <select value={Math.min(at, found.length - 1)} onChange={(event) => setAt(Number(event.target.value))}>
              {found.map((one, index) => (
                <option key={one.path} value={index}>
                  {headingOf('', one.path, t)} ({one.rows.length})
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div className="result-body" role="tabpanel" aria-label={shown}>
        {shown === 'table' && table && <TableView key={table.path} table={table} />}
        {shown === 'chart' && table && shape && <ChartView key={table.path} table={table} shape={shape} />}
        {shown === 'json' && <Json value={answer} />}
        {shown === 'csv' && table && <Csv table={table} name={props.name} />}
      </div>
      <CostLine answer={answer} />
    </div>
  )
}

function Json({ value }: { value: Answer<Value> }) {
  const t = useText()
  const text = useMemo(() => JSON.stringify(value, null, 2), [value])
  return (
    <>
      <div className="buttons">
        <CopyButton value={() => text} label={t('Chép JSON', 'Copy JSON')} />
      </div>
      <pre className="json" tabIndex={0} aria-label="JSON">
        {text.slice(0, MOST_JSON)}
      </pre>
      {text.length > MOST_JSON && (
        <p className="hint">{t('Phần còn lại quá dài để hiển thị; bản chép có đủ.', 'The rest is too long to show; the copy has all of it.')}</p>
      )}
    </>
  )
}

function Csv({ table, name }: { table: Table; name: string }) {
  const t = useText()
  const [separator, setSeparator] = useState<Separator>(',')
  const text = useMemo(() => csv(table, t, separator), [table, t, separator])
  function download() {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${name || 'cam-ket'}.csv`
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
  return (
    <>
      <div className="buttons">
        <button type="button" className="button primary" onClick={download}>
          {t('Tải tệp CSV', 'Download the CSV')}
        </button>
        <CopyButton value={() => text} label={t('Chép CSV', 'Copy CSV')} />
        <Segmented
          label={t('Dấu ngăn cách', 'Separator')}
          name="separator"
          chosen={separator}
          onChoose={setSeparator}
          options={[
            { key: ',', label: t('phẩy ,', 'comma ,') },
            { key: ';', label: t('chấm phẩy ;', 'semicolon ;') },
          ]}
        />
      </div>
      <pre className="json" tabIndex={0} aria-label="CSV">
        {text.slice(1, 20_000)}
      </pre>
    </>
  )
}

/** What it cost, from the server's own count, and how much is left. */
function CostLine({ answer }: { answer: Answer<Value> }) {
  const t = useText()
  const cost = answer.extensions?.cost
  if (!cost) return null
  return (
    <p className="hint">
      {t('Điểm: ', 'Points: ')}
      {t(
        `dự tính ${number(cost.requested)}, thực tế ${number(cost.actual)}, còn ${number(cost.available)} (hồi ${number(cost.restoreRate)}/giây)`,
        `${number(cost.requested)} expected, ${number(cost.actual)} used, ${number(cost.available)} left (${number(cost.restoreRate)} a second come back)`,
      )}
    </p>
  )
}
