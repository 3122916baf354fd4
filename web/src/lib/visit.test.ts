import { renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { problem, serve, SESSION, VISIT } from '@/testing'
import {
  beginVisit,
  closeSession,
  currentToken,
  onVisitEnd,
  openSession,
  restoreSession,
  useGuest,
  useSession,
  watchOtherTabs,
} from './session'

const BEGIN = 'POST /api/auth/guest'
const REFRESH = 'POST /api/auth/refresh'
const GUEST = { id: VISIT.user.id, until: VISIT.guest_until }
const guest = () => renderHook(useGuest).result.current
const status = () => renderHook(useSession).result.current.status
const stops: (() => void)[] = []

beforeEach(closeSession)
afterEach(() => stops.splice(0).forEach((stop) => stop()))

function ends() {
  const seen: unknown[] = []
  stops.push(onVisitEnd((guestId, heir) => seen.push([guestId, heir])))
  return seen
}

test('a visit is begun once; its token is in memory only, and the visitor is not signed in', async () => {
  const requests = serve({ [BEGIN]: () => VISIT })
  await Promise.all([beginVisit(), beginVisit()])
  await beginVisit()
  expect(requests).toHaveLength(1)
  expect(guest()).toEqual(GUEST)
  expect(status()).toBe('anonymous')
  expect(await currentToken()).toBe('token-of-guest')
  expect(JSON.stringify({ ...localStorage })).not.toMatch(/token-of|refresh-1/)
})

test('a refusal is told, and a spent token tried once more', async () => {
  serve({ [BEGIN]: () => problem(429, 'too_many_guests') })
  await expect(beginVisit()).rejects.toMatchObject({ code: 'too_many_guests' })
  expect(guest()).toBeNull()
  const answers = [problem(401, 'refresh_token_spent'), Response.json(VISIT)]
  serve({ [BEGIN]: () => answers.shift() })
  await beginVisit()
  expect(guest()).toEqual(GUEST)
})

test('a visit outlives a reload, also while the server is unreachable', async () => {
  localStorage.setItem('yousync.guest', JSON.stringify(GUEST))
  serve({ [REFRESH]: () => problem(503, 'database_unavailable') })
  await restoreSession()
  expect(guest()).toEqual(GUEST)
  serve({ [REFRESH]: () => VISIT })
  expect(await currentToken()).toBe('token-of-guest')
})

test('a visit whose day is over is forgotten', async () => {
  localStorage.setItem('yousync.guest', JSON.stringify(GUEST))
  const seen = ends()
  serve({ [REFRESH]: () => problem(401, 'invalid_refresh_token') })
  await restoreSession()
  expect(guest()).toBeNull()
  expect(localStorage.getItem('yousync.guest')).toBeNull()
  expect(seen).toEqual([[70, null]])
})

test('a tab that stays open learns that the visit is over; a clock that is ahead ends none', async () => {
  vi.useFakeTimers({ now: Date.parse(VISIT.guest_until!) - 3_600_000 })
  const answers = [Response.json(VISIT), problem(503, 'database_unavailable'), problem(401, 'invalid_refresh_token')]
  const requests = serve({ [REFRESH]: () => answers.shift() })
  openSession(VISIT)
  await vi.advanceTimersByTimeAsync(3_599_000)
  expect(requests).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(guest()).toEqual(GUEST)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(guest()).toEqual(GUEST)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(guest()).toBeNull()
  expect(requests).toHaveLength(3)
  vi.useRealTimers()
})

test.each([
  ['keeps', SESSION.user.id],
  ['deletes', null],
])('signing in %s the recordings, and ends the visit', (_, heir) => {
  openSession(VISIT)
  const seen = ends()
  openSession(SESSION, heir)
  expect(seen).toEqual([[70, heir]])
  expect(status()).toBe('signed-in')
  expect(localStorage.getItem('yousync.guest')).toBeNull()
  openSession(SESSION)
  closeSession()
  expect(seen).toHaveLength(1)
})

test('a sign-in in another tab ends the visit here, and leaves the recordings to that tab', async () => {
  openSession(VISIT)
  const seen = ends()
  stops.push(watchOtherTabs(() => undefined))
  serve({ [REFRESH]: () => SESSION })
  const user = JSON.stringify(SESSION.user)
  localStorage.setItem('yousync.signed-in', user)
  window.dispatchEvent(new StorageEvent('storage', { key: 'yousync.signed-in', newValue: user }))
  localStorage.removeItem('yousync.guest')
  window.dispatchEvent(new StorageEvent('storage', { key: 'yousync.guest', newValue: null }))
  await vi.waitFor(() => expect(status()).toBe('signed-in'))
  expect(seen).toEqual([[70, 'elsewhere']])
})

test('a visit that another tab has begun or deleted is begun or over here, too', async () => {
  stops.push(watchOtherTabs(() => undefined))
  serve({ [REFRESH]: () => VISIT })
  localStorage.setItem('yousync.guest', JSON.stringify(GUEST))
  window.dispatchEvent(new StorageEvent('storage', { key: 'yousync.guest', newValue: JSON.stringify(GUEST) }))
  await vi.waitFor(() => expect(guest()).toEqual(GUEST))
  localStorage.removeItem('yousync.guest')
  window.dispatchEvent(new StorageEvent('storage', { key: 'yousync.guest', newValue: null }))
  expect(guest()).toBeNull()
})
