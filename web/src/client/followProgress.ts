import { client as defaultClient } from '../api/client.gen.js'
import type { Client } from '../api/client/index.js'
import { streamProgress } from '../api/sdk.gen.js'
import type { Problem, ProgressEvent, UploadAccepted } from '../api/types.gen.js'

export interface FollowOptions {
  /** The client that sends the requests; the shared one of this module if absent. */
  client?: Client
  /** Ends the loop without an error. */
  signal?: AbortSignal
}

/**
 * A refusal of the stream, with the problem of the API (RFC 9457) where it sent one; or an answer that is no stream of
 * states, as another server sends it.
 */
export class FollowError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | null,
    message = problem ? `${problem.code}: ${problem.detail}` : `the stream was refused with status ${status}`,
  ) {
    super(message)
  }
}

const STATUSES: unknown[] = ['processing', 'completed', 'failed'] satisfies ProgressEvent['status'][]
const EVENT_STREAM = /^\s*text\/event-stream\s*(;|$)/i

const FIRST_RETRY_MS = 1_000
const MAX_RETRY_MS = 30_000

/**
 * Yields each new state of a job; the last one is completed or failed. Reconnects with the id of the last state after a
 * lost connection and where the server ends a long stream. Throws FollowError for a refusal that will not pass, and for an
 * answer that is no stream of states.
 */
export async function* followProgress(
  job: UploadAccepted | string,
  { client = defaultClient, signal }: FollowOptions = {},
): AsyncGenerator<ProgressEvent, void> {
  const connection = new Connection(client, typeof job === 'string' ? job : job.job_id, signal)
  while (!signal?.aborted && !connection.isOver) {
    for await (const state of connection.states()) {
      yield state
      if (state.status !== 'processing') return
    }
    if (!connection.isOver) await sleep(connection.retryMs, signal)
  }
}

/** One stream after another, of one job. The generated reader retries refusals for ever, so it gets one attempt each. */
class Connection {
  isOver = false
  private lastId: string | undefined
  private serverRetryMs = FIRST_RETRY_MS
  private failures = 0
  private retryAfterMs = 0

  constructor(
    private readonly client: Client,
    private readonly jobId: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  get retryMs() {
    return this.retryAfterMs || Math.min(this.serverRetryMs * 2 ** Math.max(this.failures - 1, 0), MAX_RETRY_MS)
  }

  async *states(): AsyncGenerator<ProgressEvent> {
    let refusal: FollowError | undefined
    const stop = new AbortController()
    const seen = this.lastId
    this.failures += 1
    const { stream } = await streamProgress({
      client: this.client,
      path: { job_id: this.jobId },
      headers: seen === undefined ? {} : { 'Last-Event-ID': seen },
      signal: this.signal ? AbortSignal.any([this.signal, stop.signal]) : stop.signal,
      sseDefaultRetryDelay: FIRST_RETRY_MS,
      sseMaxRetryAttempts: 1,
      fetch: async (input, init) => {
        const response = await (this.client.getConfig().fetch ?? globalThis.fetch)(input, init)
        refusal = await this.judge(response)
        if (!refusal) return response
        void response.body?.cancel().catch(() => undefined)
        throw refusal
      },
      onSseEvent: ({ id, retry }) => {
        this.failures = 0
        this.lastId = id ?? this.lastId
        if (retry !== undefined) this.serverRetryMs = retry
      },
    })
    try {
      for await (const state of stream) {
        if (!isState(state)) throw new FollowError(200, null, 'the server sent an event that is no state of a job')
        if (seen === undefined || this.lastId !== seen) yield state
      }
    } finally {
      stop.abort()
    }
    if (refusal) throw refusal
  }

  /** Notes what a response says about the next attempt; returns the error of a refusal that will not pass. */
  private async judge(response: Response): Promise<FollowError | undefined> {
    this.isOver = response.status === 204
    this.retryAfterMs = 1_000 * Number(response.headers.get('Retry-After') ?? 0) || 0
    if (response.ok) return this.isOver ? undefined : refuseOtherMedia(response)
    if (response.status === 408 || response.status === 429 || response.status >= 500) return undefined
    this.isOver = true
    const problem = (await response
      .clone()
      .json()
      .catch(() => null)) as Problem | null
    return new FollowError(response.status, problem)
  }
}

function refuseOtherMedia({ status, headers }: Response): FollowError | undefined {
  const type = headers.get('Content-Type')
  if (EVENT_STREAM.test(type ?? '')) return undefined
  return new FollowError(
    status,
    null,
    `the answer is ${type ?? 'of no type'}, not text/event-stream: check the address`,
  )
}

function isState(data: unknown): data is ProgressEvent {
  return typeof data === 'object' && data !== null && 'status' in data && STATUSES.includes(data.status)
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}
