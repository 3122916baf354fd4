import { expect, test, vi } from 'vitest'
import { keepPublicAnswers } from './keptPages'

type Check = typeof keepPublicAnswers.cacheWillUpdate
/** The function as the service worker has it: made from its text, without this module. */
const check = (0, eval)(`(${keepPublicAnswers.cacheWillUpdate.toString()})`) as Check

const answer = (cacheControl: string | null, status = 200) =>
  new Response('{}', { status, headers: cacheControl === null ? {} : { 'Cache-Control': cacheControl } })

test.each(['public, max-age=10', 'public, no-cache', 'no-cache', null])('an answer with %s is kept', async (value) => {
  const response = answer(value)
  expect(await check({ response })).toBe(response)
})

test.each(['private, no-cache', 'no-store', 'max-age=60,Private', 'private="set-cookie"', 'public, No-Store'])(
  'an answer with %s is not kept',
  async (value) => expect(await check({ response: answer(value) })).toBeNull(),
)

test.each([206, 404, 500])('an answer with status %s is not kept', async (status) => {
  expect(await check({ response: answer('public, no-cache', status) })).toBeNull()
})

test('what the server no longer has is no longer kept', async () => {
  type Forget = typeof keepPublicAnswers.fetchDidSucceed
  const forget = (0, eval)(`(${keepPublicAnswers.fetchDidSucceed.toString()})`) as Forget
  const remove = vi.fn()
  vi.stubGlobal('caches', { open: (name: string) => Promise.resolve(name === 'pages' ? { delete: remove } : {}) })
  const request = new Request('https://yousync.test/api/scripts/7')
  for (const status of [200, 500, 404]) {
    const response = answer('no-cache', status)
    expect(await forget({ request, response })).toBe(response)
    expect(remove).toHaveBeenCalledTimes(status === 404 ? 1 : 0)
  }
  expect(remove).toHaveBeenCalledWith(request, { ignoreVary: true })
})
