import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { waitFor } from '@testing-library/react'

const USER = 7
const AUDIO = new Blob(['voice'], { type: 'audio/webm' })
const accepted = { job_id: 'job-1', status: 'processing', progress_url: '', result_url: '' }

function problem(status: number, code: string) {
  return Response.json({ status, code, detail: code, title: code, type: '', request_id: null }, { status })
}

type Module = typeof import('./takes')
let takes: Module
let stop = () => {}
const server = vi.fn<(request: Request) => Promise<Response>>()

/** Loads the module again as a reload does; the stored takes remain. */
async function reload(user: number | null = USER) {
  stop()
  vi.resetModules()
  ;(await import('@/lib/http')).configureClient()
  takes = await import('./takes')
  stop = takes.startSending(user)
  await new Promise((resolve) => setTimeout(resolve, 30)) // until the stored takes are restored
}

function stored(): Promise<number> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('yousync-takes')
    opening.onerror = () => reject(new Error('no database'))
    opening.onsuccess = () => {
      const count = opening.result.transaction('takes').objectStore('takes').count()
      count.onsuccess = () => {
        opening.result.close()
        resolve(count.result)
      }
    }
  })
}

const keys = () => server.mock.calls.map(([request]) => request.headers.get('Idempotency-Key'))
const probed = vi.fn<() => Promise<Response>>()

beforeEach(async () => {
  server.mockReset()
  probed.mockReset()
  vi.stubGlobal('fetch', async (request: Request | string) => {
    if (typeof request === 'string') return probed()
    return request.url.endsWith('/uploads') ? problem(409, 'direct_uploads_off') : server(request)
  })
  await reload()
})

afterEach(async () => {
  stop()
  vi.unstubAllGlobals()
  const { clear, createStore } = await import('idb-keyval')
  await clear(createStore('yousync-takes', 'takes'))
})

test('a take is sent immediately and removed once the server has accepted it', async () => {
  server.mockResolvedValue(Response.json(accepted, { status: 202 }))
  const told = vi.fn()
  takes.onTakeAccepted(told)
  takes.addTake(3, USER, AUDIO)
  await waitFor(() => expect(told).toHaveBeenCalledWith(3, 'job-1'))
  expect(server.mock.calls[0]?.[0].url).toContain('/api/tokens/3/upload-audio')
  await waitFor(async () => expect(await stored()).toBe(0))
})

test('an offline take survives a reload and is sent later with the same key', async () => {
  server.mockRejectedValue(new TypeError('Failed to fetch'))
  probed.mockRejectedValue(new TypeError('Failed to fetch'))
  const key = takes.addTake(3, USER, AUDIO)
  await waitFor(() => expect(server).toHaveBeenCalledTimes(1))
  expect(await stored()).toBe(1)

  await reload()
  await waitFor(() => expect(server).toHaveBeenCalledTimes(2))
  server.mockResolvedValue(Response.json(accepted, { status: 202 }))
  probed.mockResolvedValue(new Response('ok'))
  await vi.waitFor(async () => expect(await stored()).toBe(0), { timeout: 10_000 })
  expect(new Set(keys())).toEqual(new Set([key]))
})

test('a take is never sent twice concurrently', async () => {
  let answer: (response: Response) => void = () => {}
  server.mockImplementation(() => new Promise((resolve) => (answer = resolve)))
  takes.addTake(3, USER, AUDIO)
  await waitFor(() => expect(server).toHaveBeenCalledTimes(1))
  void takes.sendTakes()
  void takes.sendTakes()
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(server).toHaveBeenCalledTimes(1)
  answer(Response.json(accepted, { status: 202 }))
  await waitFor(async () => expect(await stored()).toBe(0))
  expect(server).toHaveBeenCalledTimes(1)
})

test('a final refusal is not retried, and the next take is sent', async () => {
  server.mockResolvedValueOnce(problem(415, 'audio_type_unsupported'))
  server.mockResolvedValueOnce(Response.json(accepted, { status: 202 }))
  takes.addTake(3, USER, AUDIO)
  takes.addTake(4, USER, AUDIO)
  await waitFor(() => expect(server).toHaveBeenCalledTimes(2))
  await waitFor(async () => expect(await stored()).toBe(0))
})

test('a take is kept while the quota is full', async () => {
  server.mockResolvedValueOnce(problem(409, 'storage_quota_exceeded'))
  const key = takes.addTake(3, USER, AUDIO)
  await waitFor(() => expect(server).toHaveBeenCalledTimes(1))
  expect(await stored()).toBe(1)
  server.mockResolvedValueOnce(Response.json(accepted, { status: 202 }))
  await vi.waitFor(() => {
    takes.sendAgain(key)
    expect(server).toHaveBeenCalledTimes(2)
  })
  expect(new Set(keys())).toEqual(new Set([key]))
})

test('takes are not sent while nobody or another learner is signed in', async () => {
  server.mockRejectedValue(new TypeError('Failed to fetch'))
  takes.addTake(3, USER, AUDIO)
  await waitFor(() => expect(server).toHaveBeenCalledTimes(1))
  await reload(null)
  await reload(USER + 1)
  void takes.sendTakes()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(server).toHaveBeenCalledTimes(1)
  expect(await stored()).toBe(1)
})

test('all takes of a user are discarded, stored or not, and those of others stay', async () => {
  server.mockRejectedValue(new TypeError('Failed to fetch'))
  takes.addTake(3, USER, AUDIO)
  takes.addTake(4, USER + 1, AUDIO)
  await waitFor(async () => expect(await stored()).toBe(2))
  await reload(null)
  takes.addTake(5, USER, AUDIO) // not stored yet
  await takes.discardTakesOf(USER)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await stored()).toBe(1)

  server.mockReset()
  server.mockResolvedValue(Response.json(accepted, { status: 202 }))
  await reload(USER)
  await reload(USER + 1)
  await waitFor(async () => expect(await stored()).toBe(0))
  expect(server.mock.calls.map(([{ url }]) => new URL(url).pathname)).toEqual(['/api/tokens/4/upload-audio'])
})

test('a discarded take is deleted permanently', async () => {
  server.mockRejectedValue(new TypeError('Failed to fetch'))
  const key = takes.addTake(3, USER, AUDIO)
  await waitFor(() => expect(server).toHaveBeenCalledTimes(1))
  takes.discardTake(key)
  await waitFor(async () => expect(await stored()).toBe(0))
})

test("a guest's takes are sent for the account after the sign-in, also those of an earlier visit", async () => {
  await reload(70)
  server.mockResolvedValue(problem(403, 'guest_limit_reached'))
  takes.addTake(2, 70, AUDIO)
  await waitFor(() => expect(server).toHaveBeenCalledOnce())
  expect(await stored()).toBe(1)
  await reload(70)
  server.mockResolvedValue(Response.json(accepted, { status: 202 }))
  await takes.moveTakes(70, USER)
  await reload(USER)
  await waitFor(async () => expect(await stored()).toBe(0))
  expect(new Set(keys()).size).toBe(1)
})
