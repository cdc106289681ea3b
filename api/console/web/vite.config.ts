import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// One app for every page. Its files live under /console/assets whatever the page's own path is, so
// that `/work` and `/console` share a cache.
export default defineConfig({
  base: '/console/',
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
