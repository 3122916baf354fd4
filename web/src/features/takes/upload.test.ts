import { beforeEach, expect, test, vi } from 'vitest'

const AUDIO = new Blob(['voice'], { type: 'audio/webm' })
const STORE = 'http://store.test/bucket'
const OFFER = {
  job_id: 'job-1',
  url: STORE,
  fields: { key: 'uploads/7/job-1', policy: 'signed' },
  parts: [],
  expires_in: 600,
  max_bytes: 100,
  complete_url: '/api/tokens/3/uploads/job-1/complete?ticket=a%2Fb',
}
const ACCEPTED = { job_id: 'job-1', status: 'processing', progress_url: '', result_url: '' }

type Reply = () => Response
const refuse = (status: number, code: string) => () =>
  Response.json({ status, code, detail: code, title: code, type: '', request_id: null }, { status })
const unreachable: Reply = () => {
  throw new TypeError('Failed to fetch')
}
const offered: Reply = () => Response.json(OFFER, { status: 201 })
const stored: Reply = () => new Response(null, { status: 204 })
const accepted: Reply = () => Response.json(ACCEPTED, { status: 202 })

const takeOf = (key: string, audio = AUDIO) => ({ tokenId: 3, key, audio, words: null })

const asked: Request[] = []
let upload: typeof import('./upload').upload

/** Fakes the servers by the last part of the path; `asked` holds the requests in order. */
function serve(replies: Record<string, Reply>) {
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init)
    asked.push(request)
    await Promise.resolve()
    return (replies[nameOf(request) ?? ''] ?? unreachable)()
  })
}

const nameOf = ({ url }: Request) => new URL(url).pathname.split('/').at(-1)
const names = () => asked.map(nameOf)

beforeEach(async () => {
  asked.length = 0
  vi.resetModules()
  ;(await import('@/lib/http')).configureClient()
  ;({ upload } = await import('./upload'))
})

test('a recording is sent directly to the store and then completed', async () => {
  serve({ uploads: offered, bucket: stored, complete: accepted, 'upload-audio': unreachable })
  const { data } = await upload(takeOf('key-1'))
  expect(data).toEqual(ACCEPTED)
  expect(names()).toEqual(['uploads', 'bucket', 'complete'])
  const [wish, , completion] = asked
  expect(wish?.headers.get('Idempotency-Key')).toBe('key-1')
  expect(await wish?.json()).toEqual({ size: AUDIO.size, in_parts: false })
  expect(new URL(completion?.url ?? '').searchParams.get('ticket')).toBe('a/b')
})

test('the store gets the signed fields first and the recording last', async () => {
  const post = vi.spyOn(FormData.prototype, 'append')
  serve({ uploads: offered, bucket: stored, complete: accepted, 'upload-audio': unreachable })
  await upload(takeOf('key-1'))
  expect(post.mock.calls.map(([name]) => name)).toEqual(['key', 'policy', 'file'])
})

test.each([
  ['the store is unreachable', { uploads: offered, bucket: unreachable, complete: accepted }],
  ['the store refuses', { uploads: offered, bucket: () => new Response(null, { status: 403 }), complete: accepted }],
  ['direct uploads are off', { uploads: refuse(409, 'direct_uploads_off'), bucket: stored, complete: accepted }],
  ['the upload is missing', { uploads: offered, bucket: stored, complete: refuse(404, 'upload_missing') }],
])('if %s, this and the next recording go through the server', async (_, replies) => {
  serve({ ...replies, 'upload-audio': accepted })
  const { data } = await upload(takeOf('key-1'))
  expect(data).toEqual(ACCEPTED)
  expect(asked.at(-1)?.headers.get('Idempotency-Key')).toBe('key-1')
  asked.length = 0
  await upload(takeOf('key-2'))
  expect(names()).toEqual(['upload-audio'])
})

test('direct uploads are still tried after a network failure', async () => {
  serve({ uploads: offered, bucket: unreachable, complete: unreachable, 'upload-audio': unreachable })
  const { data, response } = await upload(takeOf('key-1'))
  expect([data, response]).toEqual([undefined, undefined])
  asked.length = 0
  serve({ uploads: offered, bucket: stored, complete: accepted, 'upload-audio': unreachable })
  await upload(takeOf('key-1'))
  expect(names()).toEqual(['uploads', 'bucket', 'complete'])
})

test('a large recording is sent in parts, and only the failed part again', async () => {
  const audio = new Blob([new Uint8Array(9 * 1024 * 1024)])
  const parts = [
    { url: 'http://store.test/part-1', size: 8 * 1024 * 1024 },
    { url: 'http://store.test/part-2', size: 1024 * 1024 },
  ]
  const stored = (etag: string) => () => new Response(null, { headers: { ETag: etag } })
  const failing = vi.fn(stored('"two"')).mockImplementationOnce(unreachable)
  serve({
    uploads: () => Response.json({ ...OFFER, url: null, fields: {}, parts }, { status: 201 }),
    'part-1': stored('"one"'),
    'part-2': failing,
    complete: accepted,
  })
  const { data } = await upload(takeOf('key-1', audio))
  expect(data).toEqual(ACCEPTED)
  expect(names()).toEqual(['uploads', 'part-1', 'part-2', 'part-2', 'complete'])
  expect(await asked[0]?.json()).toEqual({ size: audio.size, in_parts: true })
  expect((await asked[2]?.blob())?.size).toBe(1024 * 1024)
  expect(await asked.at(-1)?.json()).toEqual({ etags: ['"one"', '"two"'] })
})

test.each(['uploads', 'complete'] as const)('a refusal of %s is returned', async (name) => {
  const replies = { uploads: offered, bucket: stored, complete: accepted, 'upload-audio': accepted }
  serve({ ...replies, [name]: refuse(409, 'storage_quota_exceeded') })
  const { error, response } = await upload(takeOf('key-1'))
  expect(response?.status).toBe(409)
  expect(error).toMatchObject({ code: 'storage_quota_exceeded' })
  expect(names()).not.toContain('upload-audio')
})

test.each([
  ['direct to the store', { uploads: offered, bucket: stored, complete: accepted }],
  ['through the server', { uploads: refuse(409, 'direct_uploads_off'), 'upload-audio': accepted }],
])('a take of some words names them, %s', async (_, replies) => {
  serve(replies)
  await upload({ ...takeOf('key-1'), words: { first: 2, last: 4 } })
  const first = asked.filter((request) => ['uploads', 'upload-audio'].includes(nameOf(request) ?? ''))
  expect(first.map(({ url }) => new URL(url).search)).toEqual(first.map(() => '?words=2-4'))
})
