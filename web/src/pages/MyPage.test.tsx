import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import type { BookmarkResponse, Overview } from '@/api'
import { closeSession } from '@/lib/session'
import { renderAt, serve, SESSION, signIn } from '@/testing'
import { MyPage } from './MyPage'

const EMPTY: Overview = {
  user: SESSION.user,
  totals: { attempts: 0, completed: 0, tokens_dubbed: 0, bookmarks: 0 },
  averages: { overall: null, pronunciation: null, intonation: null, emotion: null },
  streak: { current_days: 0, longest_days: 0 },
  trend: [],
  recent_bookmarks: [],
  recent_dubs: [],
}
const NONE = { items: [], next_cursor: null }
const BOOKMARK: BookmarkResponse = {
  id: 5,
  created_at: '2026-11-02T00:00:00Z',
  token: {
    id: 3,
    script_id: 2,
    script_title: 'The Late Coffee',
    script_language: 'en-US',
    script_titles: { ko: '식어 버린 커피' },
    actor: { id: 1, name: 'Leo', translations: {} },
    position: 2,
    text: 'I am sorry.',
    translation: null,
    translations: {},
    start_time: 0,
    end_time: 2,
    has_audio: true,
    level: 2,
    good_to_start: false,
  },
}
const QUIET = {
  'GET /api/mypage/overview': () => EMPTY,
  'GET /api/mypage/my-dubbed-tokens': () => NONE,
  'GET /api/mypage/bookmarks': () => NONE,
  'GET /api/mypage/weak-sounds': () => [],
}

const show = () =>
  renderAt('/me', [
    { path: '/me', Component: MyPage },
    { path: '/sign-in', element: <p>Sign in first</p> },
  ])

beforeEach(closeSession)

test('visitors are redirected to sign in', async () => {
  serve({})
  show()
  expect(await screen.findByText('Sign in first')).toBeTruthy()
})

test('missing scores are shown as dashes, not as zero', async () => {
  const requests = serve(QUIET)
  signIn()
  show()
  const averages = (await screen.findByText('Average scores')).closest('section')
  expect(averages?.textContent?.match(/–/g)).toHaveLength(4)
  expect(averages?.textContent).not.toContain('0')
  expect(screen.getByText('Record a line today to start a streak')).toBeTruthy()
  expect(await screen.findByText("You haven't dubbed any lines yet")).toBeTruthy()
  const overview = requests.find((request) => request.url.includes('/overview'))
  expect(new URL(overview?.url ?? '').searchParams.get('timezone')).toBeTruthy()
})

test('the trend is also a table', async () => {
  const trend = [
    { day: '2026-11-22', attempts: 2, overall: 71.4 },
    { day: '2026-11-23', attempts: 1, overall: null },
  ]
  serve({ ...QUIET, 'GET /api/mypage/overview': () => ({ ...EMPTY, trend }) })
  signIn()
  show()
  expect(await screen.findByRole('row', { name: 'Nov 22 71 2' })).toBeTruthy()
  expect(screen.getByRole('row', { name: 'Nov 23 no score yet 1' })).toBeTruthy()
})

test('a bookmark can be removed', async () => {
  let bookmarks = [BOOKMARK]
  serve({
    ...QUIET,
    'GET /api/mypage/bookmarks': () => ({ items: bookmarks, next_cursor: null }),
    'DELETE /api/mypage/bookmarks/3': () => {
      bookmarks = []
    },
  })
  signIn()
  show()
  await userEvent.click(await screen.findByRole('tab', { name: 'Bookmarks' }))
  await userEvent.click(await screen.findByRole('button', { name: 'Remove bookmark: I am sorry.' }))
  await waitFor(() => expect(screen.queryByText('I am sorry.')).toBeNull())
  expect(screen.getAllByText('No bookmarks yet').length).toBeGreaterThan(0)
})

test('a difficult sound shows what was heard and lines to practise it', async () => {
  const sound = {
    phone: 'F',
    ipa: 'f',
    said: 12,
    corrected: 2,
    average_score: 58.2,
    heard_ipa: ['p'],
    words: ['forty', 'coffee'],
    lines: [BOOKMARK.token],
  }
  serve({ ...QUIET, 'GET /api/mypage/weak-sounds': () => [sound] })
  signIn()
  show()
  await userEvent.click(await screen.findByRole('tab', { name: 'Difficult sounds' }))
  expect(await screen.findByRole('heading', { name: '/f/' })).toBeTruthy()
  expect(screen.getByText('/p/')).toBeTruthy()
  expect(screen.getByText('forty, coffee')).toBeTruthy()
  expect(screen.getByText('Heard differently 2 out of 12 times')).toBeTruthy()
  expect(screen.getByRole('link', { name: 'I am sorry.' }).getAttribute('href')).toBe('/lines/3')
})
