// What was run on this device, to open again. Opening runs nothing.
import { instant } from '../../format'
import { useText } from '../../language'
import type { Ran } from '../../data/kept'

export function HistoryPanel({ ran, open, clear }: { ran: Ran[]; open: (one: Ran) => void; clear: () => void }) {
  const t = useText()
  if (!ran.length) return <p className="hint">{t('Chưa chạy gì trên máy này.', 'Nothing was run on this device.')}</p>
  return (
    <>
      <ul className="docs-list">
        {ran.map((one) => (
          <li key={one.id}>
            <button type="button" className="link-button" onClick={() => open(one)}>
              {one.name || one.query.trim().slice(0, 40)}
            </button>{' '}
            <small>
              {instant(one.at)} · {one.good ? t('xong', 'done') : t('có lỗi', 'with errors')}
            </small>
            {one.variables.trim() !== '{}' && one.variables.trim() && <pre>{one.variables.slice(0, 300)}</pre>}
          </li>
        ))}
      </ul>
      <button type="button" className="button" onClick={clear}>
        {t('Xóa danh sách', 'Clear the list')}
      </button>
    </>
  )
}
