// A reference analysis server: the whole webhook contract, with measured values in place of a judgement.
//
// npm ci && WEBHOOK_SECRET=whsec_… PORT=8001 node analysis-server.mjs, and TARGET_SERVER_URL=http://127.0.0.1:8001 for
// the API server.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseBuffer } from 'music-metadata'
import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(process.env.WEBHOOK_SECRET ?? '')
const MAX_SECONDS = Number(process.env.MAX_SECONDS ?? 120)
const [FIRST_RETRY_MS, RETRY_MAX_MS, RETRY_FOR_MS] = [500, 60_000, 3_600_000]
const MAX_BODY_BYTES = 65_536
const MAX_FINISHED = Number(process.env.MAX_FINISHED ?? 1000)
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const states = new Map()
const finished = []

/** The recording cannot be analysed: the code and the message of `analysis.failed`. */
class Refused extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

/** True if the request was signed for this method and path. */
function isSigned(request, path, body) {
  const headers = request.headers
  try {
    webhook.verify(body, headers, { jsonParse: false })
    const target = { ...headers, 'webhook-signature': headers['yousync-target'] }
    webhook.verify(`yousync-target ${request.method} ${path}`, target, { jsonParse: false })
    return true
  } catch {
    return false
  }
}

/** Accepts a job; the same job again runs no second time. */
function analyze(body) {
  let job
  try {
    job = JSON.parse(body)
  } catch {
    return [422, { detail: 'the body is not JSON' }]
  }
  const words = [job?.job_id, job?.audio_url, job?.text, job?.webhook_url]
  words.push(job?.reference_audio_url ?? '')
  if (!words.every((word) => typeof word === 'string') || !UUID.test(job.job_id)) {
    return [422, { detail: 'the body is no hand-over of a job' }]
  }
  job.job_id = job.job_id.toLowerCase()
  if (!states.has(job.job_id)) {
    states.set(job.job_id, { status: 'queued', progress: 0, stage: 'queued', message: '' })
    void run(job)
  }
  return [202, { job_id: job.job_id, accepted: true }]
}

/** The state of a job; after its end with the body of its last webhook. The API server asks for late ones. */
function state(text) {
  if (!UUID.test(text)) return [422, { detail: 'this is no id of a job' }]
  const jobId = text.toLowerCase()
  return states.has(jobId) ? [200, { job_id: jobId, ...states.get(jobId) }] : [404, { detail: 'this job is unknown' }]
}

/** The body, or null as soon as it is too large. */
async function readBody(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function answer(request) {
  const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname)
  if (request.method === 'GET' && path.startsWith('/health/')) return [200, { status: 'ready' }]
  const body = await readBody(request)
  if (!body) return [413, { detail: 'the body is too large' }]
  if (!isSigned(request, path, body.toString())) return [401, { detail: 'the signature is missing, wrong or too old' }]
  if (request.method === 'POST' && path === '/analyze') return analyze(body)
  if (request.method === 'GET' && path.startsWith('/analyze/')) return state(path.slice('/analyze/'.length))
  return [404, { detail: 'not found' }]
}

/** Analyses one recording and reports each step; any exception is the end `analysis.failed`. */
async function run(job) {
  try {
    await report(job, 'analysis.progress', { progress: 30, stage: 'fetching' })
    const recording = await measure(job.audio_url)
    await report(job, 'analysis.progress', { progress: 60, stage: 'measuring' })
    const reference = job.reference_audio_url ? await measure(job.reference_audio_url) : null
    const result = judge(recording, reference)
    await report(job, 'analysis.completed', { progress: 100, stage: 'completed', result })
  } catch (error) {
    if (!(error instanceof Refused)) console.error(`job ${job.job_id} failed`, error)
    const { code, message } = error instanceof Refused ? error : { code: 'analysis_failed', message: 'The analysis failed.' }
    await report(job, 'analysis.failed', { stage: 'failed', error: { code, message } })
  }
}

/**
 * The result. Replace this function: it compares durations only, and hears no word. Scores are 0 to 100, or null where
 * nothing was measured; `attempt_class` (no_speech, wrong_sentence, …) tells why an attempt has none.
 */
function judge(recording, reference) {
  const lengths = [recording.duration_s, reference?.duration_s].sort((a, b) => a - b)
  const score = lengths.every(Boolean) ? Math.round((1000 * lengths[0]) / lengths[1]) / 10 : null
  return { attempt_class: 'scored', overall_score: score, audio: recording, engine: { name: 'example' } }
}

async function download(url) {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(30_000) })
  if (!response.ok) throw new Error(`the audio was answered with status ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** The duration of a file from its headers: null where a live recording has none. Node.js has no decoder. */
async function measure(url) {
  const content = await download(url).catch(() => {
    throw new Refused('audio_fetch_failed', 'The recording could not be downloaded.')
  })
  const { format } = await parseBuffer(content, undefined, { duration: true }).catch(() => {
    throw new Refused('audio_undecodable', 'The recording could not be decoded.')
  })
  const { duration } = format
  if (duration > MAX_SECONDS) throw new Refused('audio_too_long', `The recording is longer than ${MAX_SECONDS} s.`)
  return { duration_s: duration ? Math.round(1000 * duration) / 1000 : null, container: format.container ?? null }
}

/** Keeps the state and sends it as a webhook: progress once, an end with one id until it is taken. */
async function report(job, type, change) {
  const body = { type, job_id: job.job_id, message: '', progress: 0, ...change }
  keep(job.job_id, { ...body, status: type.slice('analysis.'.length).replace('progress', 'processing') })
  const id = `msg_${randomUUID()}`
  const sent = JSON.stringify(body)
  for (let delay = FIRST_RETRY_MS, waited = 0; !(await deliver(job.webhook_url, id, sent)); ) {
    if (type === 'analysis.progress' || waited > RETRY_FOR_MS) return
    const pause = delay * (0.5 + Math.random())
    await sleep(pause)
    waited += pause
    delay = Math.min(2 * delay, RETRY_MAX_MS)
  }
}

/** Keeps the state of a job; forgets the oldest of too many that have ended. */
function keep(jobId, state) {
  states.set(jobId, state)
  if (state.status !== 'processing') finished.push(jobId)
  if (finished.length > MAX_FINISHED) states.delete(finished.shift())
}

/** The text that `yousync-target` signs: the path of a URL without a query and without a last slash. */
function targetOf(method, url) {
  return `yousync-target ${method} ${decodeURIComponent(new URL(url).pathname).replace(/(?<=.)\/$/, '')}`
}

/** The headers of a webhook; throws for an invalid URL. */
function sign(url, id, body) {
  const now = new Date()
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': webhook.sign(id, now, body),
    'yousync-target': webhook.sign(id, now, targetOf('POST', url)),
  }
}

/** Sends a webhook, signed now; false if it has to be sent again. */
async function deliver(url, id, body) {
  try {
    const headers = sign(url, id, body)
    const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(10_000) })
    return response.ok || response.status === 404 || response.status === 422
  } catch {
    return false
  }
}

createServer((request, response) => {
  void answer(request)
    .catch(() => [400, { detail: 'bad request' }])
    .then(([status, body]) => {
      const rest = request.complete ? {} : { connection: 'close' }
      response.writeHead(status, { 'content-type': 'application/json', ...rest }).end(JSON.stringify(body))
    })
}).listen(Number(process.env.PORT ?? 8001), '127.0.0.1')
