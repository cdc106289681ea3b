// Keeping the text of the editor for the party: as a new operation, or as a change of the one that
// the address names.
import { useEffect, useState } from 'react'
import { savedOperation, type Saved, type Text } from '../../data/saved'
import { useText } from '../../language'
import { Link, useQuery } from '../../router'
import { useSession } from '../../session'
import { Notice } from '../../ui/parts'
import { SaveDialog } from '../operations/save'

export function KeepButton({ now, disabled }: { now: () => Text; disabled: boolean }) {
  const t = useText()
  const { session } = useSession()
  const [query, change] = useQuery()
  const [text, setText] = useState<Text | null>(null)
  const [saved, setSaved] = useState<Saved | null>(null)
  const [kept, setKept] = useState<string | null>(null)
  const id = query.get('saved')
  useEffect(() => {
    setSaved(null)
    if (!id) return
    const controller = new AbortController()
    savedOperation(id, controller.signal).then(setSaved, () => undefined)
    return () => controller.abort()
  }, [id])
  // Who only looks keeps nothing.
  if (!session.party || session.party.role === 'VIEWER' || session.viewAs) return null
  return (
    <>
      <button type="button" className="button" disabled={disabled} onClick={() => setText(now())}>
        {t('Lưu…', 'Save…')}
      </button>
      {kept && (
        <Notice kind="good">
          <p role="status">
            {t('Đã lưu.', 'Saved.')} <Link href={`/console/operations?saved=${kept}`}>{t('Xem ở trang Thao tác', 'See it among the operations')}</Link>
          </p>
        </Notice>
      )}
      {text && (
        <SaveDialog
          saved={saved}
          text={text}
          onClose={() => setText(null)}
          onSaved={(made) => {
            setText(null)
            setKept(made)
            change({ saved: made })
            void savedOperation(made).then(setSaved, () => undefined)
          }}
        />
      )}
    </>
  )
}
