// Writes dist-client/package.json: the published client alone, without the packages of the page.
import { readFileSync, writeFileSync } from 'node:fs'

const { name, version, license, type } = JSON.parse(readFileSync('package.json', 'utf8'))
const exports = { '.': { types: './client/index.d.ts', import: './client/index.js' } }
// AbortSignal.any; the newer Node.js of web/package.json is for the tools of the page.
const engines = { node: '>=20.3' }
const description = 'Typed client of YouSync, which scores recordings of film lines'
writeFileSync(
  'dist-client/package.json',
  `${JSON.stringify({ name, version, description, license, type, engines, exports }, null, 2)}\n`,
)
