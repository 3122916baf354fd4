import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isOffline, onReconnect, reach, watchConnection } from './connection'

const failing = () => Promise.reject(new TypeError('Failed to fetch'))
const answering = () => Promise.resolve(new Response('ok'))
const reconnected = vi.fn()

beforeEach(() => {
  vi.useFakeTimers()
  onReconnect(reconnected)
})

afterEach(async () => {
  vi.stubGlobal('fetch', answering)
  await vi.advanceTimersByTimeAsync(60_000)
  reconnected.mockClear()
  vi.useRealTimers()
})

test('a request without an answer tells that the connection is lost', async () => {
  vi.stubGlobal('fetch', failing)
  expect(isOffline()).toBe(false)
  await expect(reach('/api/scripts')).rejects.toThrow(TypeError)
  expect(navigator.onLine).toBe(true)
  expect(isOffline()).toBe(true)
})

test('an error of the server is an answer', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 502 })))
  await reach('/api/scripts')
  expect(isOffline()).toBe(false)
})

test('a request that was given up tells nothing', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new DOMException('given up', 'AbortError')))
  await expect(reach('/api/scripts')).rejects.toThrow('given up')
  expect(isOffline()).toBe(false)
})

test('the server is asked again, without an event of the browser, until it answers', async () => {
  const fetch = vi.fn(failing)
  vi.stubGlobal('fetch', fetch)
  await reach('/api/scripts').catch(() => undefined)
  await vi.advanceTimersByTimeAsync(7_000)
  expect(fetch).toHaveBeenCalledTimes(4)
  expect(reconnected).not.toHaveBeenCalled()
  vi.stubGlobal('fetch', answering)
  await vi.advanceTimersByTimeAsync(8_000)
  expect(reconnected).toHaveBeenCalledOnce()
  expect(isOffline()).toBe(false)
})

test.each([
  ['online', window],
  ['visibilitychange', document],
])('%s makes it ask at once', async (event, target) => {
  const stop = watchConnection()
  vi.stubGlobal('fetch', failing)
  await reach('/api/scripts').catch(() => undefined)
  await vi.advanceTimersByTimeAsync(20_000)
  vi.stubGlobal('fetch', answering)
  target.dispatchEvent(new Event(event))
  await vi.advanceTimersByTimeAsync(0)
  expect(reconnected).toHaveBeenCalledOnce()
  stop()
})
