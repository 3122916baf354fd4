import { expect, test } from 'vitest'
import type { ProgressEvent } from '../api/index.js'
import { bearer, createClient, createConfig, FollowError, followProgress } from './index.js'

const JOB = '00000000-0000-0000-0000-000000000007'

function event(version: number, status = 'processing') {
  const state = { job_id: JOB, status, stage: 'analyzing', progress: 10 * version, message: null }
  return `: ping\n\nid: ${version}\ndata: ${JSON.stringify(state)}\n\n`
}

function stream(body: string) {
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

function cut(body: string) {
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(body)),
    pull: (controller) => controller.error(new TypeError('network error')),
  })
  return new Response(source, { headers: { 'content-type': 'text/event-stream' } })
}

/** Answers the requests in turn; records their Last-Event-ID. */
function serve(...answers: (() => Response)[]) {
  const lastIds: (string | null)[] = []
  const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
    lastIds.push(new Request(input, init).headers.get('Last-Event-ID'))
    const answer = answers.shift()
    return answer ? Promise.resolve(answer()) : Promise.reject(new Error('no more answers'))
  }
  return { lastIds, client: createClient(createConfig({ baseUrl: 'http://api.test', fetch })) }
}

async function collect(states: AsyncIterable<ProgressEvent>) {
  const all: [number, string][] = []
  for await (const state of states) all.push([state.progress, state.status])
  return all
}

test.each([
  ['the server ends a stream', () => stream('retry: 5\n\n')],
  ['the connection is cut', () => cut('')],
  ['the server is busy', () => new Response('busy', { status: 503 })],
])('reconnects with the last id when %s', async (_, interruption) => {
  const { client, lastIds } = serve(
    () => stream(`retry: 5\n\n${event(1)}`),
    interruption,
    () => stream(event(1) + event(2) + event(3, 'completed')),
  )
  expect(await collect(followProgress(JOB, { client }))).toEqual([
    [10, 'processing'],
    [20, 'processing'],
    [30, 'completed'],
  ])
  expect(lastIds).toEqual([null, '1', '1'])
})

test('ends where nothing is left to read', async () => {
  const { client } = serve(
    () => stream(`retry: 5\n\n${event(1)}`),
    () => new Response(null, { status: 204 }),
  )
  expect(await collect(followProgress(JOB, { client }))).toEqual([[10, 'processing']])
})

test('a refusal is an error with the problem', async () => {
  const problem = { code: 'job_not_found', detail: 'There is no such job.', status: 404 }
  const { client } = serve(() => Response.json(problem, { status: 404 }))
  const error: unknown = await collect(followProgress(JOB, { client })).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(FollowError)
  expect(error).toMatchObject({ status: 404, problem: { code: 'job_not_found' } })
})

const endless = (type?: string) =>
  new Response(new ReadableStream(), type === undefined ? {} : { headers: { 'content-type': type } })

test.each([
  ['a page', () => new Response('<html>\n\n</html>', { headers: { 'content-type': 'text/html; charset=utf-8' } })],
  ['JSON', () => Response.json({ status: 'ok' })],
  ['an endless answer', () => endless('text/event-streams')],
  ['an answer without a type', () => endless()],
])('%s instead of a stream is an error at once', async (_, answer) => {
  const { client, lastIds } = serve(answer)
  const error: unknown = await collect(followProgress(JOB, { client })).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(FollowError)
  expect(error).toMatchObject({ status: 200, problem: null })
  expect(lastIds).toHaveLength(1)
})

test('the type of a stream may have parameters and capitals', async () => {
  const headers = { 'content-type': 'Text/Event-Stream; charset=utf-8' }
  const { client } = serve(() => new Response(event(1, 'completed'), { headers }))
  expect(await collect(followProgress(JOB, { client }))).toEqual([[10, 'completed']])
})

test.each(['text', '{"status": "proc', 'null', '7', '"completed"', '["completed"]', '{}', '{"status": "done"}'])(
  'an event that is no state is an error: %s',
  async (data) => {
    for (const id of ['', 'id: 2\n']) {
      const { client, lastIds } = serve(() => stream(`${event(1)}${id}data: ${data}\n\n`))
      const states = followProgress(JOB, { client })
      expect((await states.next()).value).toMatchObject({ progress: 10 })
      await expect(states.next()).rejects.toThrow(FollowError)
      expect(lastIds).toHaveLength(1)
    }
  },
)

test('a state without an id is yielded', async () => {
  const { client } = serve(() => stream(event(1, 'completed').replace('id: 1\n', '')))
  expect(await collect(followProgress(JOB, { client }))).toEqual([[10, 'completed']])
})

test('the signal ends the loop', async () => {
  const stop = new AbortController()
  const { client } = serve(() => stream(event(1)))
  const seen: number[] = []
  for await (const state of followProgress(JOB, { client, signal: stop.signal })) {
    seen.push(state.progress)
    stop.abort()
  }
  expect(seen).toEqual([10])
})

test('bearer puts the token into the header of a stream, and not into its address', async () => {
  const requests: Request[] = []
  const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
    requests.push(new Request(input, init))
    return Promise.resolve(stream(event(1, 'completed')))
  }
  const client = createClient(createConfig({ baseUrl: 'http://api.test', fetch, auth: bearer(() => 'token-1') }))
  await collect(followProgress(JOB, { client }))
  expect(requests.map(({ url }) => new URL(url).search)).toEqual([''])
  expect(requests[0]?.headers.get('Authorization')).toBe('Bearer token-1')
})
