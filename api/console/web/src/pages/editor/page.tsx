// The editor: GraphiQL's editors and language service, with our own frame, docs, explorer and results.
// It is loaded when it is opened, and by nothing else.
import { useEffect, useMemo, useState } from 'react'
import { GraphiQLProvider, useMonaco } from '@graphiql/react'
import '@graphiql/react/style.css'
import WhoAmI from '@operations/WhoAmI.graphql?raw'
import './editor.css'
import { useText } from '../../language'
import { useTitle } from '../../router'
import { ownerOf, useSession } from '../../session'
import { readShare, type Shared } from '../../share'
import { useShownTheme } from '../../theme'
import { Loading, Notice } from '../../ui/parts'
import { EditorFrame } from './frame'
import { loadSchemas, type Schemas } from './schema'
import { setUpWorkers } from './workers'

setUpWorkers()

/** GraphiQL's colours with comments that can be read on both grounds. */
const THEMES = { light: 'camket-light', dark: 'camket-dark' }
const COLOURS = { 'editor.background': '#00000000', 'scrollbar.shadow': '#00000000' }

function useThemes(theme: 'light' | 'dark') {
  const monaco = useMonaco((state) => state.monaco)
  useEffect(() => {
    monaco?.editor.defineTheme(THEMES.light, { base: 'vs', inherit: true, colors: COLOURS, rules: [{ token: 'comment', foreground: '2f6f2f' }] })
    monaco?.editor.defineTheme(THEMES.dark, { base: 'vs-dark', inherit: true, colors: COLOURS, rules: [{ token: 'comment', foreground: '93c48a' }] })
    // The editors were made before their colours were known.
    monaco?.editor.setTheme(THEMES[theme])
  }, [monaco, theme])
}

/** GraphiQL keeps nothing by itself: what is kept is kept by us, for one person and party. */
class Nowhere implements Storage {
  private kept = new Map<string, string>()
  get length() {
    return this.kept.size
  }
  key(index: number) {
    return [...this.kept.keys()][index] ?? null
  }
  getItem(key: string) {
    return this.kept.get(key) ?? null
  }
  setItem(key: string, value: string) {
    this.kept.set(key, value)
  }
  removeItem(key: string) {
    this.kept.delete(key)
  }
  clear() {
    this.kept.clear()
  }
}

export const textKey = (owner: string) => `camket.editor.${owner}`

export function keptText(owner: string): Shared | null {
  try {
    const kept = JSON.parse(localStorage.getItem(textKey(owner)) ?? 'null') as Shared | null
    return kept && typeof kept.query === 'string' && typeof kept.variables === 'string' ? kept : null
  } catch {
    return null
  }
}

export default function EditorPage() {
  const t = useText()
  useTitle(t('Soạn truy vấn', 'Editor'))
  const { session, generation } = useSession()
  const theme = useShownTheme()
  useThemes(theme)
  const [schemas, setSchemas] = useState<Schemas | null>(null)
  const [failed, setFailed] = useState(0)
  const owner = ownerOf(session)
  const storage = useMemo(() => new Nowhere(), [])
  const [began] = useState(() => {
    const before = keptText(owner) ?? { query: WhoAmI, variables: '{}' }
    const shared = readShare(location.hash)
    return { text: shared ?? before, before: shared ? before : null }
  })
  useEffect(() => {
    let gone = false
    loadSchemas(generation).then(
      (found) => !gone && setSchemas(found),
      () => !gone && setFailed((n) => n + 1),
    )
    return () => {
      gone = true
    }
  }, [generation, failed === 0])
  useEffect(() => {
    if (!failed) return
    const timer = setTimeout(() => setFailed(0), 5000)
    return () => clearTimeout(timer)
  }, [failed])
  if (!schemas) {
    return failed ? (
      <div className="narrow page">
        <Notice kind="warning">
          <p>{t('Chưa đọc được lược đồ. Trang sẽ tự thử lại.', 'The schema cannot be read yet. The page tries again by itself.')}</p>
        </Notice>
      </div>
    ) : (
      <Loading />
    )
  }
  return (
    <GraphiQLProvider
      fetcher={() => Promise.reject(new Error('operations are run by the page'))}
      schema={schemas.escaped}
      storage={storage}
      defaultTheme={theme}
      editorTheme={THEMES}
      initialQuery={began.text.query}
      initialVariables={began.text.variables}
    >
      <EditorFrame schema={schemas.plain} owner={owner} began={began} />
    </GraphiQLProvider>
  )
}
