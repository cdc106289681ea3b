// A saved operation: the same form, run and result as any, and what may be done with it.
import { useEffect, useState } from 'react'
import { declared, favour, promote, remove, share, unshare, type Declared, type Done, type Refused, type Saved } from '../../data/saved'
import type { Value } from '../../result/flatten'
import { useLanguage, useText } from '../../language'
import { Problem, SignedOut } from '../../net'
import { navigate } from '../../router'
import { CopyButton, Dialog, Field, Loading, Notice } from '../../ui/parts'
import { OperationPane } from './pane'
import { SaveDialog } from './save'
import { titleOf } from './title'

function beginning(saved: Saved): Record<string, Value> {
  try {
    const values: unknown = JSON.parse(saved.variables)
    return values && typeof values === 'object' && !Array.isArray(values) ? (values as Record<string, Value>) : {}
  } catch {
    return {}
  }
}

type Asked = 'share' | 'unshare' | 'delete' | 'promote' | 'change'

export function SavedPane({ saved, again }: { saved: Saved; again: () => void }) {
  const t = useText()
  const language = useLanguage()
  const [found, setFound] = useState<Declared | 'broken' | null>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [refused, setRefused] = useState<Refused[]>([])
  useEffect(() => {
    declared(saved.document).then(setFound, () => setFound('broken'))
  }, [saved.document])

  async function act(what: Promise<Done | Refused[]>, after: () => void = again) {
    try {
      const said = await what
      const errors = Array.isArray(said) ? said : said.refused
      setRefused(errors)
      if (errors.length) return
      setAsked(null)
      after()
    } catch (error) {
      if (error instanceof SignedOut) return
      const message = error instanceof Problem ? error.message : t('Chưa gửi được. Hãy thử lại.', 'Not sent. Try again.')
      setRefused([{ code: '', message, path: [] }])
    }
  }
  const ask = (what: Asked) => {
    setRefused([])
    setAsked(what)
  }
  const close = () => setAsked(null)
  if (!found) return <Loading />
  const may = saved.viewerCan
  const description = language === 'en' ? (saved.descriptionEn ?? saved.descriptionVi) : saved.descriptionVi
  const title = titleOf(saved, language)
  return (
    <>
      <OperationPane
        key={`${saved.id} ${saved.version}`}
        operation={{
          name: found === 'broken' ? null : found.name,
          kind: saved.kind,
          document: saved.document,
          vi: saved.titleVi,
          en: saved.titleEn ?? saved.titleVi,
          variables: found === 'broken' ? [] : found.variables,
        }}
        begins={beginning(saved)}
        saved={saved.id}
        starred={saved.favourite}
        onStar={may.favourite ? () => void act(favour(saved)) : null}
        about={
          <>
            {description && <p className="operation-about">{description}</p>}
            <p className="hint">
              {saved.shared ? t('Dùng chung, do ', 'Shared by ') : t('Của ', 'Kept by ')}
              <strong>{saved.party?.name ?? '–'}</strong>
              {saved.registered && (
                <>
                  {' · '}
                  {t('thao tác lưu sẵn ', 'persisted as ')}
                  <code>{saved.registered.name}</code>
                </>
              )}
            </p>
            {asked === null && <Refusals refused={refused} />}
            <div className="buttons">
              <CopyButton value={() => `${location.origin}/console/operations?saved=${saved.id}`} label={t('Chép liên kết', 'Copy link')} />
              {may.change && <Act label={t('Sửa…', 'Change…')} onClick={() => ask('change')} />}
              {may.share && <Act label={t('Dùng chung…', 'Share with all…')} onClick={() => ask('share')} />}
              {may.unshare && <Act label={t('Thôi dùng chung…', 'Share no longer…')} onClick={() => ask('unshare')} />}
              {may.register && !saved.registered && <Act label={t('Đăng ký cho chương trình…', 'Register for programs…')} onClick={() => ask('promote')} />}
              {may.change && <Act label={t('Xóa…', 'Delete…')} onClick={() => ask('delete')} />}
            </div>
          </>
        }
      />
      {asked === 'change' && (
        <SaveDialog
          saved={saved}
          text={{ document: saved.document, variables: saved.variables }}
          onClose={close}
          onSaved={(id) => {
            close()
            again()
            navigate(`/console/operations?saved=${id}`)
          }}
        />
      )}
      {asked === 'share' && (
        <Confirm title={t('Dùng chung cho mọi đơn vị?', 'Share with every party?')} yes={t('Dùng chung', 'Share')} refused={refused} onClose={close} onYes={() => void act(share(saved))}>
          <p>{t('Mọi người đăng nhập sẽ thấy và chạy được, với quyền của chính họ. Hãy đọc kỹ văn bản:', 'Everybody who is signed in will see it and may run it, with their own rights. Read its text first:')}</p>
          <pre className="json">{saved.document}</pre>
        </Confirm>
      )}
      {asked === 'unshare' && (
        <Confirm title={t('Thôi dùng chung?', 'Share it no longer?')} yes={t('Thôi dùng chung', 'Share no longer')} refused={refused} onClose={close} onYes={() => void act(unshare(saved))}>
          <p>{t('Chỉ còn đơn vị đã lưu thấy thao tác này.', 'Only the party that keeps it will see it.')}</p>
        </Confirm>
      )}
      {asked === 'delete' && (
        <Confirm
          title={t('Xóa thao tác này?', 'Delete this operation?')}
          yes={t('Xóa', 'Delete')}
          refused={refused}
          onClose={close}
          onYes={() =>
            void act(remove(saved), () => {
              again()
              navigate('/console/operations')
            })
          }
        >
          <p>
            <strong>{title}</strong>
          </p>
        </Confirm>
      )}
      {asked === 'promote' && <PromoteDialog saved={saved} first={found === 'broken' ? '' : (found.name ?? '')} refused={refused} onClose={close} onYes={(name, callable) => void act(promote(saved, name, callable))} />}
    </>
  )
}

function Act(props: { label: string; onClick: () => void }) {
  return (
    <button type="button" className="button" onClick={props.onClick}>
      {props.label}
    </button>
  )
}

function Refusals({ refused }: { refused: Refused[] }) {
  return refused.length ? (
    <Notice kind="danger">
      {refused.map((one, index) => (
        <p key={index}>{one.message}</p>
      ))}
    </Notice>
  ) : null
}

function Confirm(props: { title: string; yes: string; refused: Refused[]; onClose: () => void; onYes: () => void; children: React.ReactNode }) {
  const t = useText()
  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          <button type="button" className="button" onClick={props.onClose}>
            {t('Thôi', 'Cancel')}
          </button>
          <button type="button" className="button primary" onClick={props.onYes}>
            {props.yes}
          </button>
        </>
      }
    >
      <Refusals refused={props.refused} />
      {props.children}
    </Dialog>
  )
}

function PromoteDialog(props: { saved: Saved; first: string; refused: Refused[]; onClose: () => void; onYes: (name: string, callable: boolean) => void }) {
  const t = useText()
  const [name, setName] = useState(props.first)
  const [callable, setCallable] = useState(false)
  const own = props.refused.filter((one) => one.path.at(-1) === 'name')
  return (
    <Confirm
      title={t('Đăng ký thành thao tác lưu sẵn', 'Register as a persisted operation')}
      yes={t('Đăng ký', 'Register')}
      refused={props.refused.filter((one) => !own.includes(one))}
      onClose={props.onClose}
      onYes={() => props.onYes(name.trim(), callable)}
    >
      <p>
        {t(
          'Chương trình của đơn vị gọi thao tác bằng tên này; văn bản đã đăng ký thì không bao giờ thay đổi.',
          'Programs of your party call it by this name; a text that is registered never changes.',
        )}
      </p>
      <Field label={t('Tên', 'Name')} hint={t('Chữ cái, rồi chữ, số, _ hoặc -', 'A letter, then letters, digits, _ or -')} errors={own.map((one) => one.message)}>
        {(attributes) => <input {...attributes} type="text" maxLength={64} spellCheck={false} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <div className="choices">
        <label>
          <input type="checkbox" checked={callable} onChange={(event) => setCallable(event.target.checked)} />
          <span>{t('Gọi được bằng địa chỉ /operations/tên, không cần GraphQL', 'Can be called as /operations/name, without GraphQL')}</span>
        </label>
      </div>
    </Confirm>
  )
}
