// One operation: its form, its run, its result.
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useHistory } from '../../data/kept'
import { VariableForm, type Refused } from '../../form/variable-form'
import { parseType } from '../../form/types'
import { useLanguage, useText } from '../../language'
import { Problem, run, SignedOut, Unreachable, type Answer } from '../../net'
import { refusals, type Refusal } from '../../result/faults'
import type { Value } from '../../result/flatten'
import { ResultView } from '../../result/view'
import { Link, useTitle } from '../../router'
import { useSession } from '../../session'
import { editorLink } from '../../share'
import { kindName, type OperationKind } from '../../terms'
import { Dialog, Icon, Notice } from '../../ui/parts'

/** An operation as it is shown and run, whoever keeps it. */
export interface ShownOperation {
  /** Null where its text has none. */
  name: string | null
  kind: OperationKind
  document: string
  vi: string
  en: string
  variables: { name: string; type: string; defaultValue: string | null }[]
}

/** What a form begins with: a page of a useful size, and nothing else invented. */
function beginning(operation: ShownOperation, begins: Record<string, Value>): Record<string, Value> {
  const values: Record<string, Value> = { ...begins }
  for (const variable of operation.variables) {
    if (variable.name in values) continue
    if (variable.name === 'first') values.first = 20
    else if (/Input!$/.test(variable.type)) values[variable.name] = {}
  }
  return values
}

export function OperationPane(props: {
  operation: ShownOperation
  /** Values that are kept with it. */
  begins?: Record<string, Value>
  /** Its id, where it is a saved one. */
  saved?: string
  starred: boolean
  onStar: (() => void) | null
  about?: ReactNode
}) {
  const { operation, starred } = props
  const t = useText()
  const language = useLanguage()
  const { session } = useSession()
  const { note } = useHistory()
  const [values, setValues] = useState(() => beginning(operation, props.begins ?? {}))
  const [answer, setAnswer] = useState<Answer<Value> | null>(null)
  const [state, setState] = useState<'idle' | 'asking' | 'running'>('idle')
  const [failure, setFailure] = useState<string | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const result = useRef<HTMLDivElement>(null)
  useTitle(operation[language])
  const variables = useMemo(
    () =>
      operation.variables.map((variable) => ({
        name: variable.name,
        type: parseType(variable.type),
        hasDefault: variable.defaultValue !== null,
      })),
    [operation],
  )
  const changes = operation.kind === 'MUTATION'

  async function start() {
    setState('running')
    setFailure(null)
    try {
      const got = await run<Value>({ query: operation.document, variables: values, operationName: operation.name })
      setAnswer(got)
      note({
        name: operation.name ?? operation[language],
        query: operation.document,
        variables: JSON.stringify(values, null, 2),
        good: !got.errors?.length && !refusals(got.data ?? undefined).length,
      })
    } catch (error) {
      if (error instanceof Unreachable) setFailure(t('Chưa kết nối được máy chủ; chưa có gì mất. Hãy thử lại.', 'The server cannot be reached; nothing is lost. Try again.'))
      else if (error instanceof Problem) setFailure(error.message)
      else if (!(error instanceof SignedOut)) setFailure(String(error))
    } finally {
      setState('idle')
    }
  }
  useEffect(() => {
    if (answer) result.current?.focus({ preventScroll: false })
  }, [answer])

  const refused = useMemo<Refused>(() => {
    const found: Refused = {}
    for (const refusal of answer ? refusals(answer.data ?? undefined) : []) {
      const at = refusal.path.join('.')
      found[at] = [...(found[at] ?? []), refusal.message]
    }
    return found
  }, [answer])

  function jump(refusal: Refusal) {
    const at = refusal.path.join('.')
    const field = form.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(at)}"], .at-fault input, .at-fault select, .at-fault textarea`)
    field?.scrollIntoView({ block: 'center' })
    field?.focus({ preventScroll: true })
  }

  return (
    <article>
      <p className="operation-back">
        <Link href="/console/operations">← {t('Danh sách', 'List')}</Link>
      </p>
      <div className="page-head">
        <div>
          <h2>{operation[language]}</h2>
          <p className="hint">
            <span className={changes ? 'tag warning' : 'tag'}>{kindName(operation.kind, t)}</span> {operation.name && <code>{operation.name}</code>}
          </p>
        </div>
        {props.onStar && (
          <button type="button" className="button" aria-pressed={starred} onClick={props.onStar}>
            <Icon name="star" className={starred ? 'icon starred' : 'icon'} />
            {starred ? t('Thôi đánh dấu', 'Remove star') : t('Hay dùng', 'Favourite')}
          </button>
        )}
      </div>
      {props.about}
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault()
          if (changes) setState('asking')
          else void start()
        }}
      >
        {variables.length > 0 && (
          <VariableForm operation={operation.name ?? ''} variables={variables} values={values} onChange={setValues} refused={refused} />
        )}
        <div className="buttons">
          <button type="submit" className="button primary" disabled={state !== 'idle' || operation.kind === 'SUBSCRIPTION'}>
            <Icon name="play" /> {state === 'running' ? t('Đang chạy…', 'Running…') : changes ? t('Thực hiện…', 'Carry out…') : t('Chạy', 'Run')}
          </button>
          <Link className="button" href={editorLink(operation.document, values, props.saved)}>
            <Icon name="editor" /> {t('Mở trong trình soạn', 'Open in the editor')}
          </Link>
        </div>
      </form>
      {operation.kind === 'SUBSCRIPTION' && (
        <p className="hint">{t('Theo dõi trực tiếp chạy trong trình soạn.', 'What is followed live runs in the editor.')}</p>
      )}
      {failure && (
        <Notice kind="danger">
          <p>{failure}</p>
        </Notice>
      )}
      {answer && (
        <div className="operation-result" ref={result} tabIndex={-1} role="region" aria-label={t('Kết quả', 'Result')}>
          <ResultView answer={answer} name={operation.name ?? operation[language]} jumps={{ toRefusal: jump }} />
        </div>
      )}
      {state === 'asking' && (
        <Dialog
          title={operation[language]}
          onClose={() => setState('idle')}
          footer={
            <>
              <button type="button" className="button" onClick={() => setState('idle')}>
                {t('Xem lại', 'Look again')}
              </button>
              <button type="button" className="button primary" onClick={() => void start()}>
                {t('Đúng, thực hiện', 'Yes, carry it out')}
              </button>
            </>
          }
        >
          <p>
            {t('Thao tác này thay đổi dữ liệu, nhân danh ', 'This changes data, on behalf of ')}
            <strong>{session.party?.name ?? '–'}</strong>.
          </p>
          <pre className="json">{JSON.stringify(values, null, 2)}</pre>
        </Dialog>
      )}
    </article>
  )
}
