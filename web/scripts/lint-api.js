// Lints docs/openapi.json with the recommended rules of Redocly and Spectral; fails on errors and on warnings.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import spectralCore from '@stoplight/spectral-core'
import { oas } from '@stoplight/spectral-rulesets'

const DOCUMENT = '../docs/openapi.json'

/** Runs Redocly, configured by redocly.yaml; prints its findings and returns whether there were any. */
function redoclyFinds() {
  const manifest = createRequire(import.meta.url).resolve('@redocly/cli/package.json')
  const cli = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.redocly)
  const { stdout } = spawnSync(process.execPath, [cli, 'lint', DOCUMENT, '--format=json', '--max-problems=1000'], {
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    encoding: 'utf8',
  })
  const { problems } = JSON.parse(stdout)
  for (const { ruleId, message, location } of problems)
    console.error(`redocly ${ruleId} ${location[0]?.pointer}: ${message}`)
  return problems.length > 0
}

/** Runs Spectral with the rules of spectral:oas; prints its findings and returns whether there were any. */
async function spectralFinds() {
  const spectral = new spectralCore.Spectral()
  spectral.setRuleset({ extends: [[oas, 'recommended']] })
  const problems = await spectral.run(readFileSync(DOCUMENT, 'utf8'))
  for (const { code, path, message } of problems) console.error(`spectral ${code} ${path.join('/')}: ${message}`)
  return problems.length > 0
}

if ([redoclyFinds(), await spectralFinds()].includes(true)) process.exitCode = 1
else console.log('docs/openapi.json has no finding of Redocly or Spectral')
