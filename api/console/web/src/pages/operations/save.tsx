// Keeping an operation for one's party: titles in both languages and what it is for. What is kept is
// the text and the values it begins with, never a header.
import { useState } from 'react'
import { change, save, type Refused, type Saved, type Text, type Words } from '../../data/saved'
import { useText } from '../../language'
import { Problem, SignedOut } from '../../net'
import { Dialog, Field, Notice } from '../../ui/parts'

const wordsOf = (saved: Saved | null): Words => ({
  titleVi: saved?.titleVi ?? '',
  titleEn: saved?.titleEn ?? '',
  descriptionVi: saved?.descriptionVi ?? '',
  descriptionEn: saved?.descriptionEn ?? '',
})

export function SaveDialog(props: {
  /** What is kept already, where this is a change of it. */
  saved: Saved | null
  text: Text
  onClose: () => void
  onSaved: (id: string) => void
}) {
  const { saved, text } = props
  const t = useText()
  const [words, setWords] = useState(() => wordsOf(saved))
  const [refused, setRefused] = useState<Refused[]>([])
  const [busy, setBusy] = useState(false)
  const at = (field: string) => refused.filter((one) => one.path.at(-1) === field).map((one) => one.message)
  const known = Object.keys(words)
  const others = refused.filter((one) => !known.includes(one.path.at(-1) ?? ''))

  async function send(anew: boolean) {
    if (!words.titleVi.trim()) {
      setRefused([{ code: 'BLANK', message: t('Hãy đặt tên tiếng Việt.', 'Give it a Vietnamese title.'), path: ['input', 'titleVi'] }])
      return
    }
    setBusy(true)
    try {
      const { id, refused: said } = saved && !anew ? await change(saved, words, text) : await save(words, text)
      setRefused(said)
      if (!said.length) props.onSaved(id)
    } catch (error) {
      if (error instanceof SignedOut) return
      const message = error instanceof Problem ? error.message : t('Chưa gửi được. Hãy thử lại.', 'Not sent. Try again.')
      setRefused([{ code: '', message, path: [] }])
    } finally {
      setBusy(false)
    }
  }

  const field = (name: keyof Words, label: string, long = false) => (
    <Field label={label} errors={at(name)}>
      {(attributes) =>
        long ? (
          <textarea {...attributes} rows={2} maxLength={2000} value={words[name]} onChange={(event) => setWords({ ...words, [name]: event.target.value })} />
        ) : (
          <input {...attributes} type="text" maxLength={120} value={words[name]} onChange={(event) => setWords({ ...words, [name]: event.target.value })} />
        )
      }
    </Field>
  )
  const changes = saved?.viewerCan.change ?? false
  return (
    <Dialog
      title={changes ? t('Sửa thao tác đã lưu', 'Change the saved operation') : t('Lưu thao tác cho đơn vị', 'Save the operation for your party')}
      onClose={props.onClose}
      footer={
        <>
          {changes && (
            <button type="button" className="button" disabled={busy} onClick={() => void send(true)}>
              {t('Lưu thành thao tác mới', 'Save as a new one')}
            </button>
          )}
          <button type="button" className="button primary" disabled={busy} onClick={() => void send(!changes)}>
            {changes ? t('Lưu thay đổi', 'Save the change') : t('Lưu', 'Save')}
          </button>
        </>
      }
    >
      {others.length > 0 && (
        <Notice kind="danger">
          {others.map((one, index) => (
            <p key={index}>{one.message}</p>
          ))}
        </Notice>
      )}
      {field('titleVi', t('Tên tiếng Việt', 'Vietnamese title'))}
      {field('titleEn', t('Tên tiếng Anh (không bắt buộc)', 'English title (optional)'))}
      {field('descriptionVi', t('Dùng để làm gì (không bắt buộc)', 'What it is for, in Vietnamese (optional)'), true)}
      {field('descriptionEn', t('Mô tả tiếng Anh (không bắt buộc)', 'What it is for, in English (optional)'), true)}
      <p className="hint">
        {t(
          'Văn bản và các biến được lưu cho mọi người trong đơn vị; không có mã truy cập nào được lưu.',
          'The text and the variables are kept for everybody in your party; no token is ever kept.',
        )}
        {saved?.shared && changes && ` ${t('Sửa thao tác đang dùng chung thì phải được chia sẻ lại.', 'A shared operation that is changed has to be shared again.')}`}
      </p>
    </Dialog>
  )
}
