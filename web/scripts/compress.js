// Writes a .br and a .gz beside each text file of dist/, which the API server sends to browsers that accept them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const TEXT = /\.(js|css|html|svg|json|webmanifest)$/
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
const dist = new URL('../dist', import.meta.url).pathname

for (const name of readdirSync(dist, { recursive: true })) {
  if (!TEXT.test(name)) continue
  const path = join(dist, name)
  const content = readFileSync(path)
  for (const [suffix, packed] of [
    ['br', brotliCompressSync(content, BROTLI)],
    ['gz', gzipSync(content, { level: 9 })],
  ]) {
    if (packed.length < content.length) writeFileSync(`${path}.${suffix}`, packed)
  }
}
