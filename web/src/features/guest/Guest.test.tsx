import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { beforeEach, expect, test, vi } from 'vitest'
import { discardTakesOf } from '@/features/takes/takes'
import { WaitingTakes } from '@/features/takes/WaitingTakes'
import { configureClient } from '@/lib/http'
import { closeSession, openSession } from '@/lib/session'
import { SignIn } from '@/pages/SignIn'
import { Studio } from '@/pages/Studio'
import { Start } from '@/pages/Start'
import { problem, serve, SESSION, VISIT } from '@/testing'

vi.mock('@/features/audio/Waveform', () => ({ Waveform: () => null }))
vi.mock('@/features/result/Result', () => ({
  Result: ({ result, children }: { result: { overall_score: number }; children: ReactNode }) => (
    <>
      <p>score {result.overall_score}</p>
      {children}
    </>
  ),
}))
vi.mock('@/features/studio/microphone', () => ({ recordingSupportProblem: () => null }))
vi.mock('@/features/studio/recording', () => ({
  Recording: class {
    constructor(private readonly options: { onTake: (take: Blob) => void; onEvent: (event: object) => void }) {}
    begin = () => {
      this.options.onTake(new Blob(['voice']))
      this.options.onEvent({ type: 'ended' })
      return Promise.resolve()
    }
    advance() {}
    cancel() {}
  },
}))

const LINE = {
  id: 2,
  script_id: 1,
  position: 1,
  text: 'Be on time.',
  start_time: 0,
  end_time: 2,
  has_audio: true,
  translations: {},
  actor: { id: 1, name: 'Grace' },
  script: { id: 1, title: 'Coffee', translations: {}, language: 'en-US' },
  audio_url: 'http://store/2.flac',
  mine: null,
}
const result = (job_id: string) => ({
  job_id,
  token_id: 2,
  status: 'completed',
  stage: 'completed',
  progress: 100,
  message: null,
  user_audio_url: null,
  attempt_class: 'scored',
  overall_score: 88,
  detailed_feedback: { words: [] },
})

const OPTIONS = { google_client_id: null, development: true, direct_uploads: false, guest_takes: 2 }
let uploads = 0
const ANSWERS = {
  'GET /api/tokens': () => ({ items: [LINE], next_cursor: null }),
  'GET /api/tokens/2': () => LINE,
  'GET /api/scripts/1': () => ({ tokens: [LINE] }),
  'GET /api/auth/options': () => OPTIONS,
  'POST /api/auth/guest': () => VISIT,
  'POST /api/tokens/2/uploads': () => problem(409, 'direct_uploads_off'),
  'POST /api/tokens/2/upload-audio': () => ({ job_id: `job-${(uploads += 1)}`, status: 'processing' }),
  ...Object.fromEntries([1, 2, 3].map((n) => [`GET /api/tokens/analysis-result/job-${n}`, () => result(`job-${n}`)])),
}

function open(address: string, more: Parameters<typeof serve>[0] = {}) {
  const requests = serve({ ...ANSWERS, ...more })
  const router = createMemoryRouter(
    [
      { path: '/', element: <p>Home</p> },
      { path: 'lines/:tokenId', Component: Studio },
      { path: 'start', Component: Start },
      { path: 'sign-in', Component: SignIn },
    ],
    { initialEntries: [address] },
  )
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 30_000 } } })
  render(
    <QueryClientProvider client={client}>
      <WaitingTakes />
      <Tooltip.Provider>
        <RouterProvider router={router} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  )
  return { router, requests }
}

const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }))
// The result is a chunk of its own, which a busy machine loads slowly.
const scores = () => screen.findByText('score 88', {}, { timeout: 10_000 })
const paths = (requests: Request[]) => requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`)

beforeEach(async () => {
  uploads = 0
  closeSession()
  // A take that the test before it has sent may still be stored, and would be sent again.
  await discardTakesOf(VISIT.user.id)
  configureClient()
  Element.prototype.scrollIntoView = () => {}
  vi.stubGlobal(
    'EventSource',
    class {
      close() {}
    },
  )
})

test('trying leads to a line; agreeing records it, and shows the scores and the way to keep them', async () => {
  const { router, requests } = open('/start')
  expect(await screen.findByText(/make 2 recordings without signing in.*deleted within a day/)).toBeTruthy()
  expect(router.state.location.pathname).toBe('/lines/2')
  expect(screen.getByText(/Under 14/)).toBeTruthy()
  expect(paths(requests)).not.toContain('POST /api/auth/guest')
  await press('Agree and record')
  await scores()
  const upload = requests.find(({ url }) => url.endsWith('upload-audio'))
  expect(upload?.headers.get('Authorization')).toBe('Bearer token-of-guest')
  expect(paths(requests).filter((path) => path.includes('mypage'))).toEqual([])
  expect(screen.getByText('You can make 1 more recording without signing in.')).toBeTruthy()
  expect(screen.getByText(/they are deleted on Dec 2, 2026/)).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Sign in to keep them' })).toBeTruthy()
})

test('after the last take of a guest only signing in leads on', async () => {
  open('/lines/2')
  await press('Agree and record')
  await scores()
  await press('Record again')
  expect(
    (await screen.findAllByText(/all the recordings that are possible without signing in/)).length,
  ).toBeGreaterThan(0)
  expect(screen.queryByRole('button', { name: /Record|Again/ })).toBeNull()
  expect(screen.getByRole('link', { name: 'Sign in to record' })).toBeTruthy()
})

test('where guests are off, the visitor is asked to sign in', async () => {
  open('/lines/2', { 'GET /api/auth/options': () => ({ ...OPTIONS, guest_takes: 0 }) })
  expect(await screen.findByRole('link', { name: 'Sign in to record' })).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Agree and record' })).toBeNull()
})

test('a refusal says what to do', async () => {
  open('/lines/2', { 'POST /api/auth/guest': () => problem(429, 'too_many_guests', 'Sign in, or try later.') })
  await press('Agree and record')
  expect((await screen.findByRole('alert')).textContent).toBe('Sign in, or try later.')
})

test('a reload shows the latest take of the line again', async () => {
  openSession(VISIT)
  localStorage.setItem('yousync.guest-takes', JSON.stringify({ guestId: 70, takes: [{ tokenId: 2, jobId: 'job-3' }] }))
  open('/lines/2')
  expect(await scores()).toBeTruthy()
})

test('a guest can delete everything at once', async () => {
  openSession(VISIT)
  localStorage.setItem('yousync.guest-takes', JSON.stringify({ guestId: 70, takes: [{ tokenId: 2, jobId: 'job-3' }] }))
  const { requests } = open('/lines/2', { 'DELETE /api/auth/me': () => undefined })
  await press('Delete now')
  const dialog = await screen.findByRole('dialog')
  await userEvent.click([...dialog.querySelectorAll('button')].find((one) => one.textContent === 'Delete now')!)
  await screen.findByRole('button', { name: 'Agree and record' })
  expect(paths(requests)).toContain('DELETE /api/auth/me')
  expect(screen.queryByText('score 88')).toBeNull()
  expect(localStorage.getItem('yousync.guest-takes')).toBeNull()
})

test.each([true, false])('signing in keeps the takes of this device or deletes them: %s', async (keeps) => {
  openSession(VISIT)
  localStorage.setItem('yousync.guest-takes', JSON.stringify({ guestId: 70, takes: [{ tokenId: 2, jobId: 'job-3' }] }))
  let sent: { keep_guest_takes?: boolean } = {}
  open('/sign-in', {
    'POST /api/auth/dev': async (_, request) => {
      sent = (await request.json()) as typeof sent
      return { ...SESSION, takes_kept: 1 }
    },
  })
  const choice = await screen.findByRole<HTMLInputElement>('checkbox', {
    name: /Keep 1 recording made on this device/,
  })
  expect(choice.checked).toBe(true)
  if (!keeps) await userEvent.click(choice)
  await userEvent.type(screen.getByLabelText('Email'), 'me@yousync.local')
  await userEvent.type(screen.getByLabelText('Name'), 'Me')
  await press('Sign in')
  await screen.findByText('Home')
  expect(sent.keep_guest_takes).toBe(keeps)
  expect(localStorage.getItem('yousync.guest-takes')).toBeNull()
})

test('a take that the limit has refused is sent after the sign-in', async () => {
  openSession(VISIT)
  const { requests } = open('/lines/2', {
    'POST /api/tokens/2/upload-audio': (_, request) =>
      request.headers.get('Authorization') === 'Bearer token-1'
        ? { job_id: 'job-1', status: 'processing' }
        : problem(403, 'guest_limit_reached', 'Sign in to go on.'),
  })
  await press('Record')
  expect(await screen.findByText('Sign in to go on.')).toBeTruthy()
  act(() => openSession(SESSION, SESSION.user.id))
  await scores()
  await waitFor(() => expect(requests.filter(({ url }) => url.endsWith('upload-audio'))).toHaveLength(2))
})
