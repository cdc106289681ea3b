// The frame around the editors: what runs, what it costs, what came of it.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { QueryEditor, useGraphiQLActions, VariableEditor } from '@graphiql/react'
import type { GraphQLSchema } from 'graphql'
import { print } from 'graphql'
import { useHistory } from '../../data/kept'
import { VariableForm } from '../../form/variable-form'
import { parseType } from '../../form/types'
import { useText } from '../../language'
import { Problem, run, SignedOut, Unreachable, type Answer } from '../../net'
import { refusals, type Refusal } from '../../result/faults'
import type { Value } from '../../result/flatten'
import { ResultView } from '../../result/view'
import { useHash } from '../../router'
import { useSession } from '../../session'
import { readShare, shareHash, type Shared } from '../../share'
import { useShownTheme } from '../../theme'
import { CopyButton, Dialog, Icon, Notice, Tabs } from '../../ui/parts'
import { useEstimate } from './cost'
import { CostNotice } from './cost-notice'
import { DocsPanel } from './docs'
import { ExplorerPanel } from './explorer'
import { ExportDialog } from './export'
import { HistoryPanel } from './history'
import { KeepButton } from './keep'
import { LiveView, useLive } from './live-view'
import { pathOfRefusal, prepare, type Prepared } from './text'
import { useEditors } from './use-editors'

type Side = 'explorer' | 'docs' | 'history'

interface Props {
  schema: GraphQLSchema
  owner: string
  began: { text: Shared; before: Shared | null }
}

export function EditorFrame({ schema, owner, began }: Props) {
  const t = useText()
  const { session } = useSession()
  const { prettifyEditors, setTheme } = useGraphiQLActions()
  const theme = useShownTheme()
  useEffect(() => setTheme(theme), [theme, setTheme])
  const editors = useEditors(owner, began.text)
  const { query, variables, setText } = editors
  const [side, setSide] = useState<Side | null>(null)
  const [form, setForm] = useState(false)
  const [exporting, setExporting] = useState(false)
  const [asking, setAsking] = useState<Prepared | null>(null)
  const [answer, setAnswer] = useState<Answer<Value> | null>(null)
  const [name, setName] = useState('')
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState<AbortController | null>(null)
  const [before, setBefore] = useState(began.before)
  const live = useLive()
  const { ran, note, clear } = useHistory()
  const last = useRef<Prepared | null>(null)

  // Another link opened while the page stands: the same as opening the page with it.
  const hash = useHash()
  useEffect(() => {
    const shared = readShare(hash)
    if (!shared) return
    history.replaceState(null, '', location.pathname + location.search)
    if (shared.query === editors.now().query && shared.variables === editors.now().variables) return
    setBefore(editors.now())
    setText(shared)
    setAnswer(null)
    // Only a new link is one.
  }, [hash])

  const prepared = useMemo(() => prepare(query, variables, 0), [query, variables])
  const ready = 'ok' in prepared ? prepared.ok : null
  const estimate = useEstimate(ready, query)

  const execute = useCallback(
    async (what: Prepared) => {
      const now = editors.now()
      last.current = what
      setAsking(null)
      setFailure(null)
      setName(what.name ?? what.operation.operation)
      live.stop()
      const request = { query: now.query, variables: what.variables, operationName: what.name }
      if (what.operation.operation === 'subscription') {
        setAnswer(null)
        live.start(request)
        note({ name: what.name ?? '', query: now.query, variables: now.variables, good: true })
        return
      }
      live.clear()
      const controller = new AbortController()
      setBusy(controller)
      try {
        const got = await run<Value>(request, controller.signal)
        setAnswer(got)
        note({
          name: what.name ?? '',
          query: now.query,
          variables: now.variables,
          good: !got.errors?.length && !refusals(got.data ?? undefined).length,
        })
      } catch (error) {
        if (controller.signal.aborted) setFailure(t('Đã dừng chờ. Nếu là thay đổi thì có thể đã được thực hiện.', 'No longer waiting. If it was a change it may have been made.'))
        else if (error instanceof Unreachable) setFailure(t('Chưa kết nối được máy chủ; văn bản vẫn còn nguyên.', 'The server cannot be reached; the text is still there.'))
        else if (error instanceof Problem) setFailure(error.message)
        else if (!(error instanceof SignedOut)) setFailure(String(error))
      } finally {
        setBusy(null)
      }
    },
    [editors, live, note, t],
  )

  const start = useCallback(() => {
    const now = editors.now()
    const what = prepare(now.query, now.variables, now.cursor)
    if ('fault' in what) {
      if (what.fault === 'empty') return
      live.clear()
      setAnswer({
        errors: [
          what.fault === 'query'
            ? { message: what.message, locations: [{ line: what.line, column: what.column }], extensions: { code: 'GRAPHQL_PARSE_FAILED' } }
            : {
                message: t('Biến phải là một đối tượng JSON: ', 'Variables have to be one JSON object: ') + what.message,
                extensions: { code: 'BAD_USER_INPUT' },
              },
        ],
      })
      if (what.fault === 'variables') editors.focusVariables()
      return
    }
    // Whatever changes something asks first; opening a text never runs it.
    if (what.ok.operation.operation === 'mutation') setAsking(what.ok)
    else void execute(what.ok)
  }, [editors, execute, live, t])
  editors.onRun(start)

  const jumps = {
    toLine: editors.toLine,
    toVariable: (variable: string) => editors.toVariable([variable]),
    toRefusal: (refusal: Refusal) => {
      const path = last.current && pathOfRefusal(last.current.operation, refusal)
      if (path) editors.toVariable(path)
      else editors.toLine(last.current?.operation.loc?.startToken.line ?? 1, 1)
    },
  }
  const toggle = (which: Side) => setSide(side === which ? null : which)

  return (
    <div className={side ? 'editor with-side' : 'editor'}>
      <h1 className="hidden-text">{t('Soạn truy vấn', 'Editor')}</h1>
      <div className="editor-bar" role="toolbar" aria-label={t('Công cụ', 'Tools')}>
        {busy ? (
          <button type="button" className="button primary" onClick={() => busy.abort()}>
            <Icon name="stop" /> {t('Dừng chờ', 'Stop waiting')}
          </button>
        ) : (
          <button type="button" className="button primary" onClick={start} title="Ctrl+Enter">
            <Icon name="play" /> {t('Chạy', 'Run')}
          </button>
        )}
        <button type="button" className="button" onClick={() => void prettifyEditors().catch(() => undefined)}>
          {t('Xếp gọn', 'Prettify')}
        </button>
        <CopyButton
          value={() => `${location.origin}/console/editor${shareHash(editors.now())}`}
          label={t('Chép liên kết', 'Copy link')}
        />
        <button type="button" className="button" disabled={!ready} onClick={() => setExporting(true)}>
          {t('Xuất mã…', 'Export code…')}
        </button>
        <KeepButton
          disabled={!ready}
          now={() => {
            const now = editors.now()
            const what = prepare(now.query, now.variables, 0)
            return { document: now.query, variables: 'ok' in what ? declaredOf(what.ok) : '{}' }
          }}
        />
        <span className="editor-sides">
          <SideButton which="explorer" side={side} toggle={toggle} label={t('Chọn trường', 'Explorer')} />
          <SideButton which="docs" side={side} toggle={toggle} label={t('Tài liệu', 'Docs')} />
          <SideButton which="history" side={side} toggle={toggle} label={t('Lịch sử', 'History')} />
        </span>
      </div>
      {side && (
        <aside
          className="editor-side"
          aria-label={side === 'docs' ? t('Tài liệu', 'Docs') : side === 'history' ? t('Lịch sử', 'History') : t('Chọn trường', 'Explorer')}
        >
          {side === 'docs' && <DocsPanel schema={schema} />}
          {side === 'explorer' && <ExplorerPanel schema={schema} text={query} onChange={(next) => setText({ query: next, variables: editors.now().variables })} />}
          {side === 'history' && (
            <HistoryPanel
              ran={ran}
              clear={clear}
              open={(one) => {
                setBefore(editors.now())
                setText({ query: one.query, variables: one.variables })
              }}
            />
          )}
        </aside>
      )}
      <div className="editor-texts">
        {before && (
          <Notice>
            <p>
              {t('Đã mở văn bản khác; chưa chạy gì.', 'Another text was opened; nothing has run.')}{' '}
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  setText(before)
                  setBefore(null)
                }}
              >
                {t('Trở lại văn bản trước', 'Back to the text before')}
              </button>
            </p>
          </Notice>
        )}
        <div className="editor-box">
          <QueryEditor aria-label={t('Văn bản truy vấn; Enter để vào, Esc để ra', 'Text of the operation; Enter to edit, Escape to leave')} role="group" />
        </div>
        <div className="editor-variables-head">
          <h2>{t('Biến', 'Variables')}</h2>
          {ready && (ready.operation.variableDefinitions?.length ?? 0) > 0 && (
            <Tabs
              label={t('Dạng biến', 'Form of the variables')}
              chosen={form ? 'form' : 'json'}
              onChoose={(key) => setForm(key === 'form')}
              tabs={[
                { key: 'json', label: 'JSON' },
                { key: 'form', label: t('Biểu mẫu', 'Form') },
              ]}
            />
          )}
        </div>
        <div className="editor-box variables-box" hidden={form && ready !== null}>
          <VariableEditor aria-label={t('Biến, dạng JSON; Enter để vào, Esc để ra', 'Variables as JSON; Enter to edit, Escape to leave')} role="group" />
        </div>
        {form && ready && (
          <div className="variables-form">
            <VariableForm
              operation={ready.name ?? ''}
              variables={(ready.operation.variableDefinitions ?? []).map((one) => ({
                name: one.variable.name.value,
                type: parseType(print(one.type)),
                hasDefault: one.defaultValue !== undefined,
              }))}
              values={ready.variables}
              onChange={(values) => setText({ query: editors.now().query, variables: JSON.stringify(values, null, 2) })}
              refused={{}}
            />
          </div>
        )}
        <CostNotice estimate={estimate} />
      </div>
      <div className="editor-result" role="region" aria-label={t('Kết quả', 'Result')} aria-busy={busy !== null} tabIndex={-1}>
        {failure && (
          <Notice kind="danger">
            <p>{failure}</p>
          </Notice>
        )}
        {live.state !== 'off' ? (
          <LiveView live={live} name={name} jumps={jumps} />
        ) : answer ? (
          <ResultView answer={answer} name={name} jumps={jumps} />
        ) : (
          <p className="hint editor-empty">{t('Kết quả hiện ở đây. Ctrl+Enter để chạy.', 'The result appears here. Ctrl+Enter runs.')}</p>
        )}
      </div>
      {exporting && ready && (
        <ExportDialog
          exported={{ url: `${location.origin}/graphql`, query, variables: ready.variables, operationName: ready.name }}
          onClose={() => setExporting(false)}
        />
      )}
      {asking && (
        <Dialog
          title={t('Thực hiện thay đổi này?', 'Carry out this change?')}
          onClose={() => setAsking(null)}
          footer={
            <>
              <button type="button" className="button" onClick={() => setAsking(null)}>
                {t('Xem lại', 'Look again')}
              </button>
              <button type="button" className="button primary" onClick={() => void execute(asking)}>
                {t('Đúng, thực hiện', 'Yes, carry it out')}
              </button>
            </>
          }
        >
          <p>
            {t('Thay đổi dữ liệu, nhân danh ', 'It changes data, on behalf of ')}
            <strong>{session.party?.name ?? '–'}</strong>:
          </p>
          <ul>
            {asking.operation.selectionSet.selections.map((one, index) => (
              <li key={index}>
                <code>{one.kind === 'Field' ? one.name.value : print(one)}</code>
              </li>
            ))}
          </ul>
          <pre className="json">{JSON.stringify(asking.variables, null, 2)}</pre>
        </Dialog>
      )}
    </div>
  )
}

/** Values of the variables that the text still has. */
function declaredOf({ operation, variables }: Prepared): string {
  const names = new Set((operation.variableDefinitions ?? []).map((one) => one.variable.name.value))
  return JSON.stringify(Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name))))
}

function SideButton(props: { which: Side; side: Side | null; toggle: (which: Side) => void; label: string }) {
  return (
    <button type="button" className="button" aria-pressed={props.side === props.which} onClick={() => props.toggle(props.which)}>
      {props.label}
    </button>
  )
}
