import { renderHook } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { problem, serve, SESSION } from '@/testing'
import { forgetAnswers, queryClient } from './queries'
import {
  closeSession,
  currentToken,
  onSignOut,
  openSession,
  refreshSession,
  restoreSession,
  useSession,
  useUser,
  watchOtherTabs,
} from './session'

const REFRESH = 'POST /api/auth/refresh'
const status = () => renderHook(useSession).result.current.status

beforeEach(closeSession)

test('tokens are kept in memory; localStorage only has a flag', () => {
  openSession(SESSION)
  expect(status()).toBe('signed-in')
  expect(localStorage.getItem('yousync.signed-in')).toBe(JSON.stringify(SESSION.user))
  expect(JSON.stringify({ ...localStorage })).not.toMatch(/token-1|refresh-1/)
  closeSession()
  expect(status()).toBe('anonymous')
  expect(localStorage.getItem('yousync.signed-in')).toBeNull()
})

test('visitors send no refresh request', async () => {
  const requests = serve({})
  await restoreSession()
  expect(requests).toHaveLength(0)
  expect(status()).toBe('anonymous')
})

test('a reload restores the session', async () => {
  localStorage.setItem('yousync.signed-in', '1')
  serve({ [REFRESH]: () => SESSION })
  await restoreSession()
  expect(status()).toBe('signed-in')
  expect(await currentToken()).toBe('token-1')
})

test('without a server the visitor is anonymous, and the flag stays for the next visit', async () => {
  localStorage.setItem('yousync.signed-in', '1')
  serve({ [REFRESH]: () => problem(503, 'database_unavailable') })
  await restoreSession()
  expect(status()).toBe('anonymous')
  expect(localStorage.getItem('yousync.signed-in')).toBe('1')
})

test('the session is restored when the server is back', async () => {
  vi.useFakeTimers()
  localStorage.setItem('yousync.signed-in', '1')
  const answers = [problem(503, 'database_unavailable'), Response.json(SESSION)]
  serve({ [REFRESH]: () => answers.shift() })
  await restoreSession()
  expect(status()).toBe('anonymous')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(status()).toBe('signed-in')
  vi.useRealTimers()
})

test('while the server is unreachable, the user of the last visit stays signed in, and requests fail', async () => {
  vi.useFakeTimers()
  localStorage.setItem('yousync.signed-in', JSON.stringify(SESSION.user))
  const answers = [problem(503, 'database_unavailable'), problem(503, 'database_unavailable'), Response.json(SESSION)]
  serve({ [REFRESH]: () => answers.shift() })
  await restoreSession()
  expect(renderHook(useUser).result.current?.name).toBe(SESSION.user.name)
  await expect(currentToken()).rejects.toMatchObject({ code: 'database_unavailable' })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await currentToken()).toBe('token-1')
  vi.useRealTimers()
})

test('what is stored by an earlier version, or damaged, names no user', async () => {
  for (const stored of ['1', '{', '{"id":"7"}']) {
    localStorage.setItem('yousync.signed-in', stored)
    serve({ [REFRESH]: () => problem(503, 'database_unavailable') })
    await restoreSession()
    expect(status()).toBe('anonymous')
  }
})

const tellFromOtherTab = (newValue: string | null) => {
  if (newValue === null) localStorage.removeItem('yousync.signed-in')
  else localStorage.setItem('yousync.signed-in', newValue)
  window.dispatchEvent(new StorageEvent('storage', { key: 'yousync.signed-in', newValue }))
}

test('signing out in another tab signs out here at once, and forgets the session', async () => {
  openSession(SESSION)
  const onSignIn = vi.fn()
  const stop = watchOtherTabs(onSignIn)
  tellFromOtherTab(null)
  expect(status()).toBe('anonymous')
  expect(await currentToken()).toBeNull()
  expect(onSignIn).not.toHaveBeenCalled()
  stop()
})

test.each([
  ['signing out', closeSession],
  ['signing out in another tab', () => tellFromOtherTab(null)],
  [
    'a refused refresh',
    () => {
      serve({ [REFRESH]: () => problem(401, 'invalid_refresh_token') })
      void refreshSession()
    },
  ],
])('%s drops the cached answers of the learner, and only that', async (_, end) => {
  await new Promise((resolve) => setTimeout(resolve)) // the end of the session before this test
  const stops = [onSignOut(forgetAnswers), watchOtherTabs(() => undefined)]
  openSession(SESSION)
  for (const key of ['getOverview', 'getScript']) queryClient.setQueryData([{ _id: key }], { of: 'the learner' })
  serve({ [REFRESH]: () => SESSION })
  await refreshSession()
  await new Promise((resolve) => setTimeout(resolve))
  const answers = () =>
    queryClient
      .getQueryCache()
      .getAll()
      .filter(({ state }) => state.data !== undefined)
  expect(answers()).toHaveLength(2)
  end()
  await vi.waitFor(() => expect(status()).toBe('anonymous'))
  await vi.waitFor(() => expect(answers()).toHaveLength(0))
  stops.forEach((stop) => stop())
})

test('a listener that was stopped hears of no end of a session', async () => {
  const listener = vi.fn()
  onSignOut(listener)()
  closeSession()
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(listener).not.toHaveBeenCalled()
})

test('signing in in another tab signs in here', async () => {
  serve({ [REFRESH]: () => SESSION })
  const onChange = vi.fn()
  const stop = watchOtherTabs(onChange)
  tellFromOtherTab(JSON.stringify(SESSION.user))
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce())
  expect(status()).toBe('signed-in')
  tellFromOtherTab(JSON.stringify(SESSION.user))
  expect(onChange).toHaveBeenCalledOnce()
  stop()
})

test('two concurrent refreshes are one request', async () => {
  const requests = serve({ [REFRESH]: () => SESSION })
  expect(await Promise.all([refreshSession(), refreshSession()])).toEqual([true, true])
  expect(requests).toHaveLength(1)
})

test('a refresh is retried once if another tab has just used the token', async () => {
  const answers = [problem(401, 'refresh_token_spent'), Response.json(SESSION)]
  const requests = serve({ [REFRESH]: () => answers.shift() })
  expect(await refreshSession()).toBe(true)
  expect(requests).toHaveLength(2)
  expect(status()).toBe('signed-in')
})

test('a token refused twice as used ends the session', async () => {
  openSession(SESSION)
  const requests = serve({ [REFRESH]: () => problem(401, 'refresh_token_spent') })
  expect(await refreshSession()).toBe(false)
  expect(requests).toHaveLength(2)
  expect(status()).toBe('anonymous')
})

test('a refused refresh signs out', async () => {
  openSession(SESSION)
  serve({ [REFRESH]: () => problem(401, 'invalid_refresh_token') })
  expect(await refreshSession()).toBe(false)
  expect(status()).toBe('anonymous')
})

test('a token is refreshed shortly before it expires', async () => {
  openSession(SESSION)
  const requests = serve({ [REFRESH]: () => ({ ...SESSION, access_token: 'token-2' }) })
  expect(await currentToken()).toBe('token-1')
  expect(requests).toHaveLength(0)
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 880_000)
  expect(await currentToken()).toBe('token-2')
  expect(requests).toHaveLength(1)
})
