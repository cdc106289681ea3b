// Runs the browser tests one file after the other, each in a world of its own.
// `node run.mjs [FILE…]`; needs CAMKET (the program), the built pages, and Chromium.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const folder = new URL('browser/', import.meta.url)
const wanted = process.argv.slice(2)
const files = readdirSync(folder).filter((name) => name.endsWith('.test.mjs') && (!wanted.length || wanted.some((one) => name.includes(one))))
let failed = 0
for (const name of files.sort()) {
  const ran = spawnSync(process.execPath, ['--test', '--test-reporter=spec', new URL(name, folder).pathname], { stdio: 'inherit' })
  if (ran.status !== 0) failed += 1
}
process.exit(failed ? 1 : 0)
