import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import type { LineProgress, ScriptDetail, TokenSummary } from '@/api'
import { closeSession } from '@/lib/session'
import { problem, renderAt, serve, signIn } from '@/testing'
import { Scene } from './Scene'

function line(id: number, actor: string, text: string): TokenSummary {
  return {
    id,
    script_id: 2,
    script_title: 'The Late Coffee',
    script_language: 'en-US',
    script_titles: { ko: '식어 버린 커피' },
    actor: { id: actor.length, name: `${actor} (synthetic voice)`, translations: {} },
    position: id,
    text,
    translation: `번역 ${id}`,
    translations: { ko: `번역 ${id}` },
    start_time: 1,
    end_time: 4.4,
    has_audio: true,
    level: 1,
    good_to_start: id === 1,
  }
}

const SCENE: ScriptDetail = {
  id: 2,
  title: 'The Late Coffee',
  title_ko: '식어 버린 커피',
  category: 'romance',
  language: 'en-US',
  description: 'A café at six in the evening.',
  description_ko: null,
  translations: { ko: { title: '식어 버린 커피', description: null } },
  synthetic_voice: true,
  views: 1,
  token_count: 2,
  actors: ['Grace (synthetic voice)', 'Leo (synthetic voice)'],
  actor_details: [],
  level: 1,
  good_to_start: false,
  spoken_s: 6.8,
  created_at: '2026-11-01T00:00:00Z',
  source: 'An original scene.',
  licence: 'CC0-1.0',
  credit: 'Grace Park',
  expires_at: null,
  tokens: [line(1, 'Grace', 'You are late.'), line(2, 'Leo', 'I am sorry.')],
}

const NONE = { attempts: 0, best: null, last: null, last_job_id: null, bookmarked: false }
const PROGRESS: LineProgress[] = [
  { ...NONE, token_id: 1, attempts: 2, best: 84.6, last: 70 },
  { ...NONE, token_id: 2 },
]

const show = (address = '/scenes/2') => renderAt(address, [{ path: '/scenes/:scriptId', Component: Scene }])
const bookmark = () => screen.findByRole('button', { name: 'Bookmark: I am sorry.' })

beforeEach(closeSession)

test('a visitor can read the dialogue and is invited to sign in', async () => {
  const requests = serve({ 'GET /api/scripts/2': () => SCENE })
  show()
  expect(await screen.findByRole('heading', { level: 1, name: 'The Late Coffee' })).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Dub the whole scene' }).getAttribute('href')).toBe('/scenes/2/dub')
  expect(screen.getByRole('link', { name: 'Practise: I am sorry.' }).getAttribute('href')).toBe('/lines/2')
  expect(screen.getByText('Leo')).toBeTruthy()
  expect(screen.getAllByText('3.4 s')).toHaveLength(2)
  expect(screen.getAllByText('Good to start with')).toHaveLength(1)
  expect(screen.getAllByText('Level 1')).toHaveLength(3)
  expect(screen.queryByRole('button', { name: /Bookmark/ })).toBeNull()
  expect(screen.getByRole('link', { name: 'Sign in' })).toBeTruthy()

  await userEvent.click(screen.getByRole('switch', { name: 'Translations' }))
  expect(screen.queryByText('번역 1')).toBeNull()
  expect(requests).toHaveLength(1)
})

test('a learner continues with the first line without a score', async () => {
  serve({ 'GET /api/scripts/2': () => SCENE, 'GET /api/mypage/progress/2': () => PROGRESS })
  signIn()
  show()
  const next = await screen.findByRole('link', { name: 'Continue with line 2' })
  expect(next.getAttribute('href')).toBe('/lines/2')
  expect(screen.getByText('85')).toBeTruthy()
  expect(screen.getByText('1 of 2 lines dubbed')).toBeTruthy()
})

test('a bookmark shows immediately and is reverted if the server refuses', async () => {
  let refuse: (answer: Response) => void = () => undefined
  let reads = 0
  serve({
    'GET /api/scripts/2': () => SCENE,
    'GET /api/mypage/progress/2': () => (reads++ ? problem(503, 'database_unavailable') : PROGRESS),
    'POST /api/mypage/bookmarks': () => new Promise((resolve) => (refuse = resolve)),
  })
  signIn()
  show()
  await userEvent.click(await bookmark())
  expect((await bookmark()).getAttribute('aria-pressed')).toBe('true')

  refuse(problem(503, 'database_unavailable', 'The database is unavailable.'))
  expect(await screen.findByText(/The database is unavailable\./)).toBeTruthy()
  expect((await bookmark()).getAttribute('aria-pressed')).toBe('false')
})

test('one line plays at a time, and a second press stops it', async () => {
  const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue()
  const pause = vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue()
  serve({ 'GET /api/scripts/2': () => SCENE })
  show()
  await userEvent.click(await screen.findByRole('button', { name: 'Listen: You are late.' }))
  await userEvent.click(screen.getByRole('button', { name: 'Listen: I am sorry.' }))
  expect(screen.getAllByRole('button', { name: /^Stop/ })).toHaveLength(1)
  await userEvent.click(screen.getByRole('button', { name: 'Stop: I am sorry.' }))
  expect(screen.queryByRole('button', { name: /^Stop/ })).toBeNull()
  expect(play).toHaveBeenCalledTimes(2)
  expect(pause).toHaveBeenCalledTimes(2)
})

test('an unknown scene shows a message, and an id that is no number is not requested', async () => {
  const requests = serve({})
  show('/scenes/99')
  expect(await screen.findByText('Page not found')).toBeTruthy()
  expect(requests).toHaveLength(1)
  show('/scenes/first')
  await waitFor(() => expect(screen.getAllByText('Page not found')).toHaveLength(2))
  expect(requests).toHaveLength(1)
})
