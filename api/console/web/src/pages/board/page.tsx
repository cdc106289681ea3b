// The board: for people who would rather look than read.
import { useMemo, useState } from 'react'
import Board from '@operations/Board.graphql?raw'
import boardQuery from './board.graphql?raw'
import './board.css'
import { useLoad } from '../../data/use-load'
import { useMedia } from '../../data/media'
import { instant, today } from '../../format'
import { useText } from '../../language'
import { ask } from '../../net'
import { Link, useQuery, useTitle } from '../../router'
import { useSession } from '../../session'
import { editorLink } from '../../share'
import { Icon, Loading, Notice, Segmented } from '../../ui/parts'
import { PartyPicker } from '../../ui/pickers'
import { CellDialog } from './cell'
import { FigureTable } from './figure-table'
import { GraphSection } from './graph'
import { Communes, HeatMap } from './heat-map'
import { period, pivot, type BoardCell, type Measure } from './pivot'
import { Waiting } from './waiting'

const MEASURES: Measure[] = ['progress', 'promised', 'confirmed', 'gap']

export default function BoardPage() {
  const t = useText()
  const { session } = useSession()
  useTitle(t('Bảng tổng hợp', 'Board'))
  const [query, change] = useQuery()
  const measure = MEASURES.find((one) => one === query.get('show')) ?? 'progress'
  const form = query.get('form') === 'table' ? 'table' : 'map'
  const chosen = query.get('period') ?? ''
  const giver = query.get('giver') ?? ''
  const filter = useMemo(
    () => ({ ...period(chosen), ...(giver ? { giverIds: [giver] } : {}) }),
    [chosen, giver],
  )
  const load = useLoad((signal) => ask<{ board: BoardCell[] }>(boardQuery, { filter }, signal), [filter])
  const [open, setOpen] = useState<BoardCell | null>(null)
  const board = useMemo(() => (load.data ? pivot(load.data.board) : null), [load.data])
  const narrow = useMedia('(max-width: 44rem)')

  return (
    <div className="board">
      <div className="page-head">
        <h1>{t('Bảng tổng hợp', 'Board')}</h1>
        <div className="buttons no-print">
          <span className="hint" role="status">
            {load.at && t(`Số liệu lúc ${instant(load.at)}`, `As of ${instant(load.at)}`)}
          </span>
          <button type="button" className="button" onClick={load.again} disabled={load.loading}>
            <Icon name="refresh" /> {t('Đọc lại', 'Refresh')}
          </button>
          <button type="button" className="button" onClick={() => print()}>
            <Icon name="print" /> {t('In', 'Print')}
          </button>
        </div>
      </div>

      {/* Paper does not say by itself when it was printed, nor for whose eyes the figures are. */}
      <p className="print-only">
        {t(
          `In lúc ${instant(Date.now())}, theo quyền xem của ${session.party?.name ?? '–'}.`,
          `Printed ${instant(Date.now())}, as ${session.party?.name ?? '–'} may see it.`,
        )}
        {chosen && ` ${t('Thời gian', 'Period')}: ${chosen}.`}
      </p>

      <Waiting />

      <section aria-labelledby="board-heading">
        <div className="page-head">
          <h2 id="board-heading">{t('Cam kết theo xã và hoạt động', 'Commitments by commune and activity')}</h2>
          <Link className="no-print" href={editorLink(Board, { filter })}>
            {t('Mở truy vấn của bảng này', 'Open the query behind this')}
          </Link>
        </div>
        <div className="board-controls no-print">
          <Segmented
            label={t('Hiển thị', 'Show')}
            name="measure"
            chosen={measure}
            onChoose={(show) => change({ show: show === 'progress' ? null : show })}
            options={[
              { key: 'progress', label: t('Tiến độ', 'Progress') },
              { key: 'promised', label: t('Đã cam kết', 'Promised') },
              { key: 'confirmed', label: t('Đã xác nhận', 'Confirmed') },
              { key: 'gap', label: t('Còn thiếu', 'Gap') },
            ]}
          />
          <Segmented
            label={t('Dạng', 'Form')}
            name="form"
            chosen={form}
            onChoose={(next) => change({ form: next === 'map' ? null : next })}
            options={[
              { key: 'map', label: narrow ? t('Theo xã', 'By commune') : t('Bản đồ nhiệt', 'Heat map') },
              { key: 'table', label: t('Bảng số liệu', 'Table') },
            ]}
          />
          <PeriodField value={chosen} onChange={(code) => change({ period: code })} />
          <PartyPicker label={t('Bên cam kết', 'Giver')} value={giver} onChange={(id) => change({ giver: id })} />
        </div>

        {load.failed && (
          <Notice kind="warning">
            <p>
              {load.failed === 'refused'
                ? load.message
                : load.data
                  ? t('Chưa đọc lại được; đây là số liệu lần trước.', 'Could not read again; these are the last figures.')
                  : t('Chưa đọc được số liệu. Sẽ đọc lại khi có mạng.', 'The figures cannot be read yet. They will be once there is a network.')}
            </p>
          </Notice>
        )}
        {!board ? (
          load.loading && <Loading />
        ) : board.places.length === 0 ? (
          <Notice>
            <p>
              {t(
                'Không có cam kết, nhu cầu hay kết quả nào mà bạn được xem trong phạm vi này.',
                'There is no promise, need or delivery here that you may see.',
              )}
            </p>
          </Notice>
        ) : form === 'table' ? (
          <FigureTable board={board} onOpen={setOpen} />
        ) : narrow ? (
          <Communes board={board} measure={measure} onOpen={setOpen} />
        ) : (
          <HeatMap board={board} measure={measure} onOpen={setOpen} />
        )}
        <p className="hint">
          {t(
            'Mỗi con số chỉ tính những dòng bạn được xem. Bấm một ô để xem từng bên và truy vấn đằng sau.',
            'Every figure counts only what you may see. Open a cell for its givers and the query behind it.',
          )}
        </p>
      </section>
      <GraphSection />
      {open && <CellDialog cell={open} filter={filter} onClose={() => setOpen(null)} />}
    </div>
  )
}

function PeriodField({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  const t = useText()
  const last = Number(today().slice(0, 4)) + 1
  const years = Array.from({ length: Math.max(3, last - 2023) }, (_, index) => last - index)
  return (
    <div className="field">
      <label htmlFor="period">{t('Thời gian', 'Period')}</label>
      <select id="period" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t('Toàn bộ', 'All time')}</option>
        {years.map((year) => (
          <optgroup key={year} label={String(year)}>
            <option value={`${year}Y`}>{t(`Cả năm ${year}`, `All of ${year}`)}</option>
            {[1, 2].map((half) => (
              <option key={half} value={`${year}H${half}`}>
                {t(`6 tháng ${half === 1 ? 'đầu' : 'cuối'} năm ${year}`, `${half === 1 ? 'First' : 'Second'} half of ${year}`)}
              </option>
            ))}
            {[1, 2, 3, 4].map((quarter) => (
              <option key={quarter} value={`${year}Q${quarter}`}>
                {t(`Quý ${['I', 'II', 'III', 'IV'][quarter - 1]}/${year}`, `Q${quarter} ${year}`)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  )
}
