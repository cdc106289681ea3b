import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { schemaTerms } from './schema-terms.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Writes the service worker with the list of what a page needs, the editor's megabytes excepted. */
function offline(): Plugin {
  return {
    name: 'offline',
    generateBundle(_, bundle) {
      const files = new Set<string>()
      const add = (name: string) => {
        const chunk = bundle[name]
        if (files.has(name) || chunk?.type !== 'chunk') return
        files.add(name)
        for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style)
        for (const next of chunk.imports) add(next)
      }
      for (const [name, file] of Object.entries(bundle)) {
        const from = file.type === 'chunk' ? file.facadeModuleId : null
        if (from && /\/(index\.html|pages\/(board|operations|work)\/page\.tsx)$/.test(from)) add(name)
      }
      const list = [...files].sort().map((name) => `/console/${name}`)
      // Its name stays, so another build has to be another text even where these files are the same.
      const build = createHash('sha256').update(Object.keys(bundle).sort().join()).digest('hex').slice(0, 16)
      const source = readFileSync(at('src/offline.js'), 'utf8')
        .replace('/* files */ []', JSON.stringify(list))
        .replace('/* build */ 0', `'${build}'`)
      this.emitFile({ type: 'asset', fileName: 'offline.js', source })
    },
  }
}

// One app for every page. Its files live under /console/assets whatever the page's own path is, so
// that `/work` and `/console` share a cache.
export default defineConfig({
  base: '/console/',
  plugins: [offline(), schemaTerms()],
  resolve: {
    alias: [
      { find: '@operations', replacement: at('../../../docs/operations') },
      // Descriptions are other people's text: they are shown as text, never turned into HTML.
      { find: 'markdown-it', replacement: at('src/pages/editor/no-markdown.ts') },
    ],
  },
  build: {
    target: ['chrome100', 'firefox102', 'safari15.4'],
    // A file that a page needs is a file: nothing is inlined but the icon.
    assetsInlineLimit: 1024,
    chunkSizeWarningLimit: 4000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { hashCharacters: 'hex' },
      // Marks of a framework that is not used here, in files of dependencies.
      checks: { moduleLevelDirective: false, pluginTimings: false },
    },
  },
  worker: { format: 'es' },
})
