import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

test('the package of the client demands only the Node.js that the client needs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'client-package-'))
  try {
    mkdirSync(join(folder, 'dist-client'))
    copyFileSync('package.json', join(folder, 'package.json'))
    execFileSync(process.execPath, [resolve('scripts/client-package.js')], { cwd: folder })
    const made = JSON.parse(readFileSync(join(folder, 'dist-client/package.json'), 'utf8')) as Record<string, unknown>
    expect(made).toMatchObject({ name: 'yousync-web', type: 'module', engines: { node: '>=20.3' } })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
