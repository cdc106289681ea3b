// The workers of the editor as files of this host, which is all that the policy of the page allows.
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker'
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker'
import GraphQLWorker from 'monaco-graphql/esm/graphql.worker.js?worker'

export function setUpWorkers() {
  ;(globalThis as { MonacoEnvironment?: unknown }).MonacoEnvironment = {
    getWorker(_: string, label: string): Worker {
      if (label === 'json') return new JsonWorker()
      return label === 'graphql' ? new GraphQLWorker() : new EditorWorker()
    },
  }
}
