import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import type { DraftLine, ScriptDraft } from '@/api'
import { openSession } from '@/lib/session'
import { Curator } from '@/pages/Curator'
import { problem, renderAt, serve, SESSION, signIn } from '@/testing'

const { playMock } = vi.hoisted(() => ({ playMock: vi.fn(() => () => undefined) }))
// jsdom has no sound.
vi.mock('./playSpan', () => ({ playSpan: playMock }))
vi.mock('@/features/audio/decode', () => ({
  decode: () => Promise.resolve({ samples: new Float32Array(10), sampleRate: 10 }),
}))

const line = (id: number, text: string, change: Partial<DraftLine> = {}): DraftLine => ({
  id,
  script_id: 5,
  script_title: 'Late coffee',
  script_language: 'en-US',
  script_titles: {},
  level: null,
  good_to_start: false,
  actor: { id: 3, name: 'Grace', translations: {} },
  position: id,
  text,
  translation: null,
  translations: {},
  start_time: id,
  end_time: id + 0.8,
  has_audio: true,
  spoken_form: null,
  curator_level: null,
  results: 0,
  version: `v${id}`,
  ...change,
})

const DRAFT: ScriptDraft = {
  id: 5,
  title: 'Late coffee',
  title_ko: null,
  category: 'drama',
  language: 'en-US',
  description: null,
  description_ko: null,
  translations: {},
  synthetic_voice: false,
  views: 0,
  token_count: 2,
  actors: ['Grace'],
  actor_details: [{ id: 3, name: 'Grace', translations: {} }],
  level: null,
  good_to_start: false,
  spoken_s: 1.6,
  created_at: '2026-11-01T00:00:00Z',
  source: null,
  licence: null,
  credit: null,
  expires_at: null,
  is_draft: true,
  state: 'draft',
  hidden_at: null,
  slug: null,
  has_media: true,
  version: 's1',
  notes: [{ code: 'sounds_only', cue: '3', text: '[door]', message: 'Only sounds.' }],
  tokens: [line(1, 'You are late.'), line(2, 'I am sorry.', { results: 4 })],
}

function show(answers: Parameters<typeof serve>[0] = {}) {
  openSession({ ...SESSION, user: { ...SESSION.user, is_admin: true } })
  const requests = serve({
    'GET /api/scripts/5/draft': () => DRAFT,
    'GET /api/scripts/5/media/waveform': () => ({ length_s: 10, start: 0, end: 10, peaks: [1, 2, 3] }),
    'GET /api/scripts/5/media/sound': () => new Response('sound', { headers: { 'Content-Type': 'audio/flac' } }),
    'GET /api/actors/managed': () => ({ items: [{ id: 3, name: 'Grace', token_count: 2 }], next_cursor: null }),
    ...answers,
  })
  renderAt('/curator/scenes/5', [
    { path: '/curator/*', element: <Curator /> },
    { path: '/scenes/5', element: <h1>As a learner</h1> },
  ])
  return { requests, user: userEvent.setup() }
}

async function open(user: ReturnType<typeof userEvent.setup>, text = 'You are late.') {
  await user.click(await screen.findByRole('button', { name: new RegExp(text), expanded: false }))
  return screen.findByRole('slider', { name: new RegExp(`^Start: ${text}`) })
}

const now = (slider: HTMLElement) => Number(slider.getAttribute('aria-valuenow'))
const bodyOf = async (requests: Request[], method: string) =>
  (await requests.find((request) => request.method === method)?.json()) as unknown

beforeEach(() => playMock.mockClear())

test('keys move the edges of a cue, and undo takes them back', async () => {
  const { user } = show()
  const start = await open(user)
  const end = screen.getByRole('slider', { name: /^End/ })
  start.focus()
  await user.keyboard('{ArrowRight}{ArrowRight}{Shift>}{ArrowRight}{/Shift}')
  expect(now(start)).toBeCloseTo(1.12)
  end.focus()
  await user.keyboard('{PageDown}')
  expect(now(end)).toBeCloseTo(1.7)
  expect(screen.getByText('1 line is not saved yet')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Undo' }))
  expect([now(start), now(end)]).toEqual([1.12, 1.8])
  await user.click(screen.getByRole('button', { name: 'Undo' }))
  expect(now(start)).toBe(1)
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Undo' }).disabled).toBe(true)
})

test('space plays the times that are set, before they are saved', async () => {
  const { user } = show()
  const start = await open(user)
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Listen/ }).disabled).toBe(false))
  start.focus()
  await user.keyboard('{Shift>}{ArrowRight}{/Shift} ')
  expect(playMock).toHaveBeenCalledOnce()
  const [, from, to] = playMock.mock.calls[0] as unknown as [unknown, number, number]
  expect(to - from).toBeCloseTo(0.7)
})

test('only what changed is saved, for the version that was read', async () => {
  const { user, requests } = show({ 'PATCH /api/tokens/1': () => line(1, 'You are early.') })
  await open(user)
  await user.clear(screen.getByLabelText('Line'))
  await user.type(screen.getByLabelText('Line'), 'You are early.')
  await user.selectOptions(screen.getByLabelText('Level'), '4')
  await user.click(screen.getByRole('button', { name: 'Save the line' }))
  await waitFor(() => expect(requests.some(({ method }) => method === 'PATCH')).toBe(true))
  expect(await bodyOf(requests, 'PATCH')).toEqual({ text: 'You are early.', curator_level: 4 })
  expect(requests.find(({ method }) => method === 'PATCH')?.headers.get('If-Match')).toBe('"v1"')
})

test('a new speaker is created before the line is saved', async () => {
  const { user, requests } = show({
    'POST /api/actors': () => ({ id: 9, name: 'Leo' }),
    'PATCH /api/tokens/1': () => line(1, 'You are late.'),
  })
  await open(user)
  await user.clear(screen.getByLabelText('Speaker'))
  await user.type(screen.getByLabelText('Speaker'), 'Leo')
  await user.click(screen.getByRole('button', { name: 'Save the line' }))
  await waitFor(() => expect(requests.some(({ method }) => method === 'PATCH')).toBe(true))
  expect(await bodyOf(requests, 'POST')).toEqual({ name: 'Leo' })
  expect(await bodyOf(requests, 'PATCH')).toEqual({ actor_id: 9 })
})

test('a refusal names its field', async () => {
  const refused = { type: 'x', title: 'x', status: 422, code: 'malformed_request', detail: 'general', request_id: null }
  const errors = [{ loc: ['body', 'end_time'], msg: 'The sound ends at 10 s.', type: 'cue_after_sound' }]
  const { user } = show({ 'PATCH /api/tokens/1': () => Response.json({ ...refused, errors }, { status: 422 }) })
  const start = await open(user)
  start.focus()
  await user.keyboard('{ArrowRight}')
  await user.click(screen.getByRole('button', { name: 'Save the line' }))
  expect(await screen.findByText('The sound ends at 10 s.')).toBeTruthy()
  expect(screen.getByLabelText('End (s)').getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByRole('alert').textContent).toMatch(/marked/)
})

test('a change elsewhere leaves the choice, and mine is kept', async () => {
  const { user } = show({ 'PATCH /api/tokens/1': () => problem(412, 'changed_elsewhere') })
  await open(user)
  await user.type(screen.getByLabelText('Line'), ' Again.')
  await user.click(screen.getByRole('button', { name: 'Save the line' }))
  const conflict = await screen.findByText(/changed elsewhere/)
  await user.click(within(conflict.parentElement!).getByRole('button', { name: 'Keep my changes' }))
  expect(screen.getByLabelText<HTMLTextAreaElement>('Line').value).toBe('You are late. Again.')
  expect(screen.queryByText(/changed elsewhere/)).toBeNull()
})

test('unsaved changes are guarded, and keep a draft from being published', async () => {
  const { user } = show()
  await open(user)
  await user.type(screen.getByLabelText('Line'), '!')
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Publish' }).disabled).toBe(true)
  await user.click(screen.getByRole('link', { name: 'View as a learner' }))
  await user.click(await screen.findByRole('button', { name: 'Keep editing' }))
  expect(screen.getByLabelText<HTMLTextAreaElement>('Line').value).toBe('You are late.!')
  await user.click(screen.getByRole('link', { name: 'View as a learner' }))
  await user.click(await screen.findByRole('button', { name: 'Leave without saving' }))
  expect(await screen.findByRole('heading', { name: 'As a learner' })).toBeTruthy()
})

test('a line with results cannot be deleted', async () => {
  const { user } = show()
  await open(user, 'I am sorry.')
  expect(screen.getByText(/4 recordings of learners depend/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Delete the line' })).toBeNull()
})

test('learners who are no administrators see no page of curators', async () => {
  show()
  signIn()
  expect(await screen.findByText('This page is for administrators')).toBeTruthy()
})
