// Generates the client again and fails if it differs from src/api.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const kept = mkdtempSync(join(tmpdir(), 'yousync-api-'))
const contents = (folder) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, 'utf8')]),
  )

cpSync('src/api', kept, { recursive: true })
const before = contents('src/api')
try {
  execFileSync(process.execPath, [process.env.npm_execpath, 'run', '--silent', 'api'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const after = contents('src/api')
  const stale = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => before[path] !== after[path],
  )
  if (stale.length) {
    console.error(`not generated from the present docs/openapi.json: ${stale.join(', ')}\nrun: make openapi`)
    process.exitCode = 1
  } else {
    console.log('src/api is current')
  }
} finally {
  rmSync('src/api', { recursive: true })
  cpSync(kept, 'src/api', { recursive: true })
  rmSync(kept, { recursive: true })
}
