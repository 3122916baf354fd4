import { expect, test } from 'vitest'
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
