import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useJob } from './useJob'

class FakeEventSource {
  static readonly CLOSED = 2
  static all: FakeEventSource[] = []
  readyState = 1
  onmessage: ((event: { data: string }) => void) | null = null
  onerror: (() => void) | null = null
  constructor(readonly url: string) {
    FakeEventSource.all.push(this)
  }
  close() {
    this.readyState = 2
  }
}

const server = vi.fn<(request: Request | string) => Promise<Response>>()
const last = () => FakeEventSource.all.at(-1)
const client = new QueryClient()

function say(stage: string, progress: number, status = 'processing') {
  act(() => last()?.onmessage?.({ data: JSON.stringify({ job_id: 'j', status, stage, progress, message: null }) }))
}

/** Closes the stream as a server does that refuses it or has ended it. */
function refuse() {
  act(() => {
    last()?.close()
    last()?.onerror?.()
  })
}

function follow() {
  return renderHook(() => useJob('j'), {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  })
}

beforeEach(() => {
  FakeEventSource.all = []
  vi.stubGlobal('EventSource', FakeEventSource)
  server.mockReset()
  vi.stubGlobal('fetch', server)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('follows the stages, and progress never decreases', () => {
  const { result } = follow()
  expect(last()?.url).toBe('/api/tokens/analysis-progress/j')
  say('pronunciation', 40)
  say('decoding', 20)
  expect(result.current).toMatchObject({ stage: 'pronunciation', progress: 40 })
  say('prosody', 75)
  expect(result.current).toMatchObject({ stage: 'prosody', progress: 75 })
})

test('the final event closes the stream, invalidates queries once, and is never overwritten', async () => {
  const invalidate = vi.spyOn(client, 'invalidateQueries')
  const { result } = follow()
  say('completed', 100, 'completed')
  say('scoring', 95)
  expect(result.current?.status).toBe('completed')
  expect(last()?.readyState).toBe(FakeEventSource.CLOSED)
  await waitFor(() => expect(invalidate).toHaveBeenCalledTimes(1))
})

test('a refused stream refreshes the session once and is opened again', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  server.mockImplementation((request) =>
    Promise.resolve(
      (typeof request === 'string' ? request : request.url).endsWith('/api/auth/refresh')
        ? Response.json({ access_token: 'a', expires_in: 900, user: { id: 1 } })
        : Response.json({ job_id: 'j', status: 'processing', stage: 'scoring', progress: 95, message: null }),
    ),
  )
  const { result } = follow()
  refuse()
  await waitFor(() => expect(result.current?.progress).toBe(95))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(FakeEventSource.all).toHaveLength(2)
  refuse()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(FakeEventSource.all).toHaveLength(3)
  const refreshes = server.mock.calls.filter(([request]) => typeof request === 'string')
  expect(refreshes).toHaveLength(1)
})

test('a disconnect from which EventSource recovers by itself is ignored', () => {
  follow()
  act(() => {
    const stream = last()
    if (stream) stream.readyState = 0
    stream?.onerror?.()
  })
  expect(server).not.toHaveBeenCalled()
  expect(FakeEventSource.all).toHaveLength(1)
})

test('a job that ended without a stream is found by a request', async () => {
  server.mockImplementation(() =>
    Promise.resolve(
      Response.json({ job_id: 'j', status: 'completed', stage: 'completed', progress: 100, message: null }),
    ),
  )
  const { result } = follow()
  refuse()
  await waitFor(() => expect(result.current?.status).toBe('completed'))
  expect(FakeEventSource.all).toHaveLength(1)
})

test('leaving the page closes the stream', () => {
  const { unmount } = follow()
  unmount()
  expect(last()?.readyState).toBe(FakeEventSource.CLOSED)
})
