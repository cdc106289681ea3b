// Runs the browser tests, each file in a world of its own and as many at a time as JOBS says (two).
// `node run.mjs [PROGRAM] [PART OF A FILE'S NAME…]`; needs CAMKET or PROGRAM, and Chromium.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'

const folder = new URL('browser/', import.meta.url)
const wanted = process.argv.slice(2)
if (wanted[0]?.includes('/')) process.env.CAMKET = resolve(wanted.shift())
const files = readdirSync(folder).filter((name) => name.endsWith('.test.mjs') && (!wanted.length || wanted.some((one) => name.includes(one))))
// The longest first.
files.sort((a, b) => Number(b.startsWith('views')) - Number(a.startsWith('views')) || (a < b ? -1 : 1))
let failed = 0

/** Says what a file said once it has ended, so that two do not speak at a time. */
function ran(name) {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--test', '--test-reporter=spec', new URL(name, folder).pathname], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes))
    child.on('close', (code) => {
      if (code !== 0) failed += 1
      console.log(`${name}\n${said}`)
      done()
    })
  })
}

async function worker() {
  for (let name = files.shift(); name; name = files.shift()) await ran(name)
}

await Promise.all(Array.from({ length: Number(process.env.JOBS ?? 2) }, worker))
process.exit(failed ? 1 : 0)
