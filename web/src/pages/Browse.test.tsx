import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import type { ScriptSummary } from '@/api'
import { closeSession } from '@/lib/session'
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
    created_at: '2026-11-01T00:00:00Z',
  }
}

const COFFEE = scene(2, 'The Late Coffee')
const ROOM = scene(4, 'Room Twelve', 'thriller')

function serveScenes(all = [COFFEE, ROOM]) {
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
    'GET /api/mypage/progress': () => [{ script_id: 2, tokens_dubbed: 3, best_average: 81.6 }],
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

  await userEvent.type(screen.getByRole('searchbox'), 'room')
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
  expect(await screen.findByText('Try another word or search all categories.')).toBeTruthy()
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
  const start = await screen.findByRole('link', { name: 'Try your first scene' })
  await waitFor(() => expect(start.getAttribute('href')).toBe('/scenes/2'))
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
  expect(screen.queryByRole('link', { name: 'Try your first scene' })).toBeNull()
})
