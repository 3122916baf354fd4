import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createStore, clear, keys, set } from 'idb-keyval'
import { beforeEach, expect, test, vi } from 'vitest'
import { problem, renderAt, serve, SESSION, signIn } from '@/testing'
import { Account } from './Account'

const NONE = { items: [], next_cursor: null }
const RECORDING = { job_id: 'job-1', token_id: 3, bytes: 66_560, created_at: '2026-11-23T07:33:00Z' }

const show = () =>
  renderAt('/account', [
    { path: '/', element: <p>Home</p> },
    { path: '/account', Component: Account },
    { path: '/sign-in', element: <p>Sign in first</p> },
  ])

const asks = (requests: Request[], method: string) => requests.filter((request) => request.method === method)

const STORE = createStore('yousync-takes', 'takes')
const MINE = SESSION.user.id

/** Stores a take of this learner and one of another learner, as an earlier visit without a network does. */
async function storeTakes() {
  await clear(STORE)
  for (const [key, userId] of [
    ['mine', MINE],
    ['other', MINE + 1],
  ] as const) {
    await set(key, { tokenId: 3, userId, recordedAt: 0, type: 'audio/webm', bytes: new ArrayBuffer(1) }, STORE)
  }
}

beforeEach(signIn)

test('the account is erased only after confirmation; the session ends, and its unsent takes are deleted', async () => {
  await storeTakes()
  const requests = serve({ 'GET /api/mypage/recordings': () => NONE, 'DELETE /api/auth/me': () => undefined })
  show()
  await userEvent.click(await screen.findByRole('button', { name: 'Delete my account' }))
  const erase = screen.getByRole<HTMLButtonElement>('button', { name: 'Delete everything' })
  expect(screen.getByText('All stored recordings')).toBeTruthy()
  expect(erase.disabled).toBe(true)
  await userEvent.click(erase)
  expect(asks(requests, 'DELETE')).toHaveLength(0)

  await userEvent.click(screen.getByRole('checkbox', { name: 'I understand that this cannot be undone' }))
  await userEvent.click(erase)
  expect(await screen.findByText('Home')).toBeTruthy()
  expect(asks(requests, 'DELETE')).toHaveLength(1)
  expect(localStorage.getItem('yousync.signed-in')).toBeNull()
  expect(await keys(STORE)).toEqual(['other'])
})

test('a failed erasure is reported, and the session stays open', async () => {
  await storeTakes()
  serve({
    'GET /api/mypage/recordings': () => NONE,
    'DELETE /api/auth/me': () => problem(503, 'storage_unavailable', 'Nothing was erased.'),
  })
  show()
  await userEvent.click(await screen.findByRole('button', { name: 'Delete my account' }))
  await userEvent.click(screen.getByRole('checkbox'))
  await userEvent.click(screen.getByRole('button', { name: 'Delete everything' }))
  expect(await screen.findByText('Nothing was erased.')).toBeTruthy()
  expect(await keys(STORE)).toHaveLength(2)
  expect(localStorage.getItem('yousync.signed-in')).not.toBeNull()
})

test('signing out leads home and keeps unsent takes', async () => {
  await storeTakes()
  serve({ 'GET /api/mypage/recordings': () => NONE, 'POST /api/auth/logout': () => undefined })
  show()
  await userEvent.click(await screen.findByRole('button', { name: 'Sign out' }))
  expect(await screen.findByText('Home')).toBeTruthy()
  expect(screen.queryByText('Sign in first')).toBeNull()
  expect(await keys(STORE)).toHaveLength(2)
  expect(localStorage.getItem('yousync.signed-in')).toBeNull()
})

test('a recording is deleted after confirmation', async () => {
  let recordings = [RECORDING]
  const requests = serve({
    'GET /api/mypage/recordings': () => ({ items: recordings, next_cursor: null }),
    'DELETE /api/mypage/recordings/job-1': () => {
      recordings = []
    },
  })
  show()
  expect(await screen.findByText('65 KB')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: /^Delete: Recording/ }))
  expect(asks(requests, 'DELETE')).toHaveLength(0)
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }))
  expect(await screen.findByText('You have no stored recordings.')).toBeTruthy()
})

test('the export becomes a file; a refusal is explained', async () => {
  let answer = () => problem(429, 'too_many_exports', 'Ten exports an hour. Wait 300 seconds.')
  serve({ 'GET /api/mypage/recordings': () => NONE, 'GET /api/mypage/export': () => answer() })
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue()
  URL.createObjectURL = vi.fn(() => 'blob:export')
  show()
  const button = await screen.findByRole('button', { name: 'Download' })
  await userEvent.click(button)
  expect((await screen.findByRole('alert')).textContent).toContain('Ten exports an hour')
  expect(click).not.toHaveBeenCalled()

  answer = () => new Response('PK…')
  await userEvent.click(button)
  await waitFor(() => expect(click).toHaveBeenCalledTimes(1))
  expect((click.mock.contexts[0] as HTMLAnchorElement).download).toBe('yousync-export.zip')
  expect(await screen.findByText(/^Done\./)).toBeTruthy()
})
