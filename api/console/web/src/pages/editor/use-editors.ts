// The two editors as one thing: their texts, their keys, and the ways into them.
import { useEffect, useMemo, useRef, useState } from 'react'
import { useGraphiQL, useMonaco } from '@graphiql/react'
import type { Shared } from '../../share'
import { textKey } from './page'
import { findVariable } from './text'

/** The two texts, mirrored in React and kept on this device, and the ways into the editors. */
export function useEditors(owner: string, began: Shared) {
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const variableEditor = useGraphiQL((state) => state.variableEditor)
  const monaco = useMonaco((state) => state.monaco)
  const [text, setMirror] = useState(began)
  const runs = useRef<() => void>(() => undefined)
  const [handles] = useState(() => ({ queryEditor, variableEditor }))
  handles.queryEditor = queryEditor
  handles.variableEditor = variableEditor

  useEffect(() => {
    if (!monaco || !queryEditor || !variableEditor) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const mirror = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        const next = { query: queryEditor.getValue(), variables: variableEditor.getValue() }
        setMirror(next)
        try {
          localStorage.setItem(textKey(owner), JSON.stringify(next))
        } catch {
          // Nothing is stored here; the text stays while the page is open.
        }
      }, 150)
    }
    const stops = [queryEditor, variableEditor].flatMap((editor) => {
      editor.updateOptions({ contextmenu: false, wordWrap: 'on', fontSize: 14, fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'), fontLigatures: false })
      return [
        editor.onDidChangeModelContent(mirror),
        editor.addAction({
          id: 'camket-run',
          label: 'Run',
          keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter],
          run: () => runs.current(),
        }),
        editor.addAction({
          id: 'camket-leave',
          label: 'Leave the editor',
          keybindings: [monaco.KeyCode.Escape],
          precondition: '!suggestWidgetVisible && !findWidgetVisible && !parameterHintsVisible && !renameInputVisible',
          run: () => editor.getContainerDomNode().focus(),
        }),
      ]
    })
    // What came in a link is what is kept from now on.
    mirror()
    return () => {
      clearTimeout(timer)
      for (const stop of stops) stop.dispose()
    }
  }, [monaco, queryEditor, variableEditor, owner])

  return useMemo(() => {
    const set = (editor: typeof queryEditor, value: string) => {
      if (!editor || editor.getValue() === value) return
      // As an edit, so that Ctrl+Z takes it back.
      const model = editor.getModel()
      if (!model) return editor.setValue(value)
      editor.pushUndoStop()
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null)
      editor.pushUndoStop()
    }
    const show = (editor: typeof queryEditor, offset: number, length: number) => {
      const model = editor?.getModel()
      if (!editor || !model) return
      const from = model.getPositionAt(offset)
      const to = model.getPositionAt(offset + length)
      editor.setSelection({ startLineNumber: from.lineNumber, startColumn: from.column, endLineNumber: to.lineNumber, endColumn: to.column })
      editor.revealPositionInCenter(from)
      editor.focus()
    }
    return {
      ...text,
      now() {
        const model = handles.queryEditor?.getModel()
        const position = handles.queryEditor?.getPosition()
        return {
          query: handles.queryEditor?.getValue() ?? text.query,
          variables: handles.variableEditor?.getValue() ?? text.variables,
          cursor: model && position ? model.getOffsetAt(position) : 0,
        }
      },
      setText(next: Shared) {
        set(handles.queryEditor, next.query)
        set(handles.variableEditor, next.variables)
        setMirror({ query: next.query, variables: next.variables })
      },
      onRun(work: () => void) {
        runs.current = work
      },
      toLine(line: number, column: number) {
        const editor = handles.queryEditor
        editor?.setPosition({ lineNumber: line, column })
        editor?.revealLineInCenter(line)
        editor?.focus()
      },
      toVariable(path: string[]) {
        const found = findVariable(handles.variableEditor?.getValue() ?? '', path)
        if (found) show(handles.variableEditor, found.offset, found.length)
        else handles.variableEditor?.focus()
      },
      focusVariables: () => handles.variableEditor?.focus(),
    }
  }, [text, handles])
}
