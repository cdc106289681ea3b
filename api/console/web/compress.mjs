// Beside each file that a browser can unpack stands its brotli and its gzip form, made once here.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const folder = process.argv[2] ?? 'dist'
const worth = /\.(css|html|js|json|svg|ttf)$/

for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !worth.test(entry.name)) continue
  const path = join(entry.parentPath ?? entry.path, entry.name)
  const bytes = await readFile(path)
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  })
  const gzip = gzipSync(bytes, { level: 9 })
  // What packing does not make smaller is sent as it is.
  if (brotli.length < bytes.length) await writeFile(`${path}.br`, brotli)
  if (gzip.length < bytes.length) await writeFile(`${path}.gz`, gzip)
}
