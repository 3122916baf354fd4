// Writes dist-client/package.json: the published client alone, without the packages of the page.
import { readFileSync, writeFileSync } from 'node:fs'

const { name, version, license, type, engines } = JSON.parse(readFileSync('package.json', 'utf8'))
const exports = { '.': { types: './client/index.d.ts', import: './client/index.js' } }
const description = 'Typed client of YouSync, which scores recordings of film lines'
writeFileSync(
  'dist-client/package.json',
  `${JSON.stringify({ name, version, description, license, type, engines, exports }, null, 2)}\n`,
)
