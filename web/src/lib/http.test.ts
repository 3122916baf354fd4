import { beforeEach, expect, test } from 'vitest'
import { problem, serve, SESSION } from '@/testing'
import { authorizedFetch } from './http'
import { closeSession, openSession } from './session'

const ORIGIN = window.location.origin
const tokens = (requests: Request[]) => requests.map((request) => request.headers.get('Authorization'))

/** Accepts only `token-2`, which a refresh returns. */
function serveSecondToken() {
  return serve({
    'GET /api/auth/me': (_, request) =>
      request.headers.get('Authorization') === 'Bearer token-2' ? SESSION.user : problem(401, 'invalid_token'),
    'POST /api/mypage/bookmarks': async (_, request) =>
      request.headers.get('Authorization') === 'Bearer token-2'
        ? ((await request.json()) as unknown)
        : problem(401, 'invalid_token'),
    'POST /api/auth/refresh': () => ({ ...SESSION, access_token: 'token-2' }),
  })
}

beforeEach(closeSession)

test('visitors send no token, but their language', async () => {
  const requests = serve({ 'GET /api/scripts': () => ({ items: [] }) })
  await authorizedFetch(`${ORIGIN}/api/scripts`)
  expect(tokens(requests)).toEqual([null])
  expect(requests[0]?.headers.get('Accept-Language')).toBe('en')
})

test('two requests with a 401 cause one refresh', async () => {
  openSession(SESSION)
  const requests = serveSecondToken()
  const answers = await Promise.all([1, 2].map(() => authorizedFetch(`${ORIGIN}/api/auth/me`)))
  expect(answers.map((response) => response.status)).toEqual([200, 200])
  expect(requests.filter((request) => request.url.endsWith('/refresh'))).toHaveLength(1)
  expect(tokens(requests).sort()).toEqual([
    'Bearer token-1',
    'Bearer token-1',
    'Bearer token-2',
    'Bearer token-2',
    null,
  ])
})

test('a refusal that arrives after the refresh uses the new token', async () => {
  openSession(SESSION)
  const requests = serve({
    'GET /api/auth/me': (_, request) => {
      if (request.headers.get('Authorization') === 'Bearer token-2') return SESSION.user
      openSession({ ...SESSION, access_token: 'token-2' })
      return problem(401, 'invalid_token')
    },
  })
  expect((await authorizedFetch(`${ORIGIN}/api/auth/me`)).status).toBe(200)
  expect(tokens(requests)).toEqual(['Bearer token-1', 'Bearer token-2'])
})

test('a retried request has its body again', async () => {
  openSession(SESSION)
  serveSecondToken()
  const response = await authorizedFetch(`${ORIGIN}/api/mypage/bookmarks`, { method: 'POST', body: '{"token_id":3}' })
  expect(await response.json()).toEqual({ token_id: 3 })
})

test('a session that has ended is closed, and the 401 is returned', async () => {
  openSession(SESSION)
  const requests = serve({
    'GET /api/auth/me': () => problem(401, 'invalid_token'),
    'POST /api/auth/refresh': () => problem(401, 'invalid_refresh_token'),
  })
  const response = await authorizedFetch(`${ORIGIN}/api/auth/me`)
  expect(response.status).toBe(401)
  expect(requests).toHaveLength(2)
  expect(localStorage.getItem('yousync.signed-in')).toBeNull()
})

test('sign-in requests carry no token', async () => {
  openSession(SESSION)
  const requests = serve({ 'POST /api/auth/dev': () => SESSION })
  await authorizedFetch(`${ORIGIN}/api/auth/dev`, { method: 'POST' })
  expect(tokens(requests)).toEqual([null])
})
