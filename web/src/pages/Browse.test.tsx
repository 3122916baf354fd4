import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import type { ScriptSummary } from '@/api'
import { closeSession } from '@/lib/session'
import i18n from '@/lib/i18n'
import { renderAt, serve, signIn } from '@/testing'
import { Browse } from './Browse'

function scene(id: number, title: string, category = 'romance'): ScriptSummary {
  return {
    id,
    title,
    title_ko: null,
    category,
    language: 'en-US',
    description: null,
    description_ko: null,
    translations: {},
    synthetic_voice: true,
    views: id,
    token_count: 9,
    actors: ['Grace (synthetic voice)', 'Leo (synthetic voice)'],
    actor_details: [
      { id: 1, name: 'Grace (synthetic voice)', translations: { ko: '그레이스' } },
      { id: 2, name: 'Leo (synthetic voice)', translations: { ko: '레오' } },
    ],
    level: 2,
    good_to_start: id === 2,
    spoken_s: 75.2,
    created_at: '2026-11-01T00:00:00Z',
  }
}

const COFFEE = scene(2, 'The Late Coffee')
const ROOM = scene(4, 'Room Twelve', 'thriller')

function serveScenes(all = [COFFEE, ROOM], dubbed = 3) {
  return serve({
    'GET /api/scripts': (url) => {
      const { q, category, cursor } = Object.fromEntries(url.searchParams)
      if (cursor) return { items: [scene(9, 'On the second page')], next_cursor: null }
      const items = all
        .filter((one) => !q || one.title.toLowerCase().includes(q))
        .filter((one) => !category || one.category === category)
      return { items, next_cursor: q || category ? null : 'more' }
    },
    'GET /api/scripts/popular': () => all,
    'GET /api/categories': () => [
      { category: 'romance', script_count: 1 },
      { category: 'thriller', script_count: 1 },
      { category: 'radio play', script_count: 1 },
    ],
    'GET /api/mypage/progress': () => [{ script_id: 2, tokens_dubbed: dubbed, best_average: 81.6 }],
  })
}

const show = (address = '/') => renderAt(address, [{ path: '/', Component: Browse }])
const titles = () => screen.queryAllByRole('heading', { level: 3 }).map((heading) => heading.textContent)
const listed = (requests: Request[]) =>
  requests.map((request) => new URL(request.url)).filter(({ pathname }) => pathname === '/api/scripts')

beforeEach(closeSession)

test('a search is in the URL, is requested once, and is undone by going back', async () => {
  const requests = serveScenes()
  const router = show()
  await waitFor(() => expect(titles()).toEqual(['The Late Coffee', 'Room Twelve']))

  // At once: a busy machine may take longer for each key than the page waits for the next one.
  const box = screen.getByRole('searchbox')
  for (const value of ['r', 'ro', 'roo', 'room']) fireEvent.change(box, { target: { value } })
  await waitFor(() => expect(titles()).toEqual(['Room Twelve']))
  expect(router.state.location.search).toBe('?q=room')
  expect(listed(requests).map((url) => url.searchParams.get('q'))).toEqual([null, 'room'])
  expect(screen.getByText('1 scene').getAttribute('role')).toBe('status')

  await router.navigate(-1)
  await waitFor(() => expect(titles()).toHaveLength(2))
  expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('')
})

test('category and order are links that keep the other filters; known categories are translated', async () => {
  const requests = serveScenes()
  const router = show('/?q=room')
  await userEvent.click(await screen.findByRole('link', { name: 'Thriller' }))
  await userEvent.click(screen.getByRole('link', { name: 'Popular' }))

  expect(router.state.location.search).toBe('?q=room&category=thriller&sort=popular')
  await waitFor(() => expect(listed(requests).at(-1)?.searchParams.toString()).toContain('sort=popular'))
  expect(listed(requests).at(-1)?.searchParams.get('category')).toBe('thriller')
  expect(screen.getByRole('link', { name: 'Thriller' }).getAttribute('aria-current')).toBe('true')
  expect(screen.getByRole('link', { name: 'radio play' })).toBeTruthy()
})

test('a search without results suggests what to do', async () => {
  serveScenes()
  const router = show('/?q=nothing')
  expect(await screen.findByText('Try another word, or another category, level or length.')).toBeTruthy()
  await userEvent.click(screen.getByRole('link', { name: 'Show all scenes' }))
  await waitFor(() => expect(titles()).toHaveLength(2))
  expect(router.state.location.search).toBe('')
})

test('more scenes are appended, and the most viewed are shown only without filters', async () => {
  serveScenes()
  show()
  const popular = await screen.findByRole('region', { name: 'Most viewed' })
  expect(within(popular).getAllByRole('link')).toHaveLength(2)
  await userEvent.click(await screen.findByRole('button', { name: 'Show more' }))
  await waitFor(() => expect(titles()).toEqual(['The Late Coffee', 'Room Twelve', 'On the second page']))
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()

  await userEvent.type(screen.getByRole('searchbox'), 'room')
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Most viewed' })).toBeNull())
})

test('visitors see the introduction, and no progress is requested', async () => {
  const requests = serveScenes()
  show()
  const start = await screen.findByRole('link', { name: 'Try your first line' })
  await waitFor(() => expect(start.getAttribute('href')).toBe('/start'))
  await waitFor(() => expect(titles()).toHaveLength(2))
  expect(requests.some((request) => request.url.includes('/mypage/'))).toBe(false)
  expect(screen.queryByText(/lines dubbed/)).toBeNull()
})

test('learners see their progress', async () => {
  serveScenes()
  signIn()
  show()
  expect(await screen.findByText('3 of 9 lines dubbed')).toBeTruthy()
  expect(screen.getByText('82')).toBeTruthy()
  expect(screen.queryByRole('link', { name: 'Try your first line' })).toBeNull()
})

test.each([
  ['visitors', false, 0, 'easiest'],
  ['learners without a recording', true, 0, 'easiest'],
  ['other learners', true, 3, 'latest'],
])('the first order of %s', async (_, isSignedIn, dubbed, sort) => {
  const requests = serveScenes([COFFEE, ROOM], dubbed)
  if (isSignedIn) signIn()
  const router = show()
  await waitFor(() => expect(titles()).toHaveLength(2))
  expect(listed(requests).map((url) => url.searchParams.get('sort'))).toEqual([sort])
  const current = screen.getByRole('link', { name: sort === 'easiest' ? 'Easiest' : 'Latest' })
  expect(current.getAttribute('aria-current')).toBe('true')
  expect(router.state.location.search).toBe('')
})

test('a chosen order holds, whoever asks', async () => {
  const requests = serveScenes()
  signIn()
  const router = show()
  await userEvent.click(await screen.findByRole('link', { name: 'Easiest' }))
  expect(router.state.location.search).toBe('?sort=easiest')
  await waitFor(() => expect(listed(requests).at(-1)?.searchParams.get('sort')).toBe('easiest'))
})

test('level, length and start are filters in the URL, reached by keyboard, and undone by going back', async () => {
  const requests = serveScenes()
  const router = show('/?q=room')
  const level = await screen.findByRole('combobox', { name: 'level' })
  await userEvent.selectOptions(level, 'Level 2')
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'length' }), 'Short (under 20 s)')
  screen.getByRole('link', { name: 'Good to start with' }).focus()
  await userEvent.keyboard('{Enter}')
  expect(router.state.location.search).toBe('?q=room&level=2&length=short&start=yes')
  await waitFor(() => {
    const query = listed(requests).at(-1)?.searchParams
    expect([query?.get('level'), query?.get('length'), query?.get('good_to_start')]).toEqual(['2', 'short', 'true'])
  })
  await router.navigate(-2)
  await waitFor(() => expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'length' }).value).toBe(''))
  expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'level' }).value).toBe('2')
})

test('unknown values in the URL are ignored', async () => {
  const requests = serveScenes()
  show('/?level=9&length=endless&sort=random&start=1')
  await waitFor(() => expect(titles()).toHaveLength(2))
  const query = listed(requests)[0]?.searchParams
  expect([query?.get('level'), query?.get('length'), query?.get('good_to_start')]).toEqual([null, null, null])
})

test('cards show the level, the length and what is good to start with', async () => {
  serveScenes()
  show()
  await waitFor(() => expect(titles()).toHaveLength(2))
  const [first, second] = screen.getAllByRole('article').map((card) => within(card))
  expect(first?.getByText('Good to start with')).toBeTruthy()
  expect(first?.getByText('Level 2')).toBeTruthy()
  expect(first?.getByText('1 min 15 sec')).toBeTruthy()
  expect(second?.queryByText('Good to start with')).toBeNull()
})

test('actors have their Korean names on the Korean page', async () => {
  serveScenes()
  await i18n.changeLanguage('ko')
  show()
  const [names] = await screen.findAllByText('그레이스, 레오')
  expect(names?.getAttribute('lang')).toBeNull()
  await i18n.changeLanguage('en')
})
