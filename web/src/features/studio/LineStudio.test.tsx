import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Tooltip } from 'radix-ui'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WaitingTakes } from '@/features/takes/WaitingTakes'
import { closeSession, openSession } from '@/lib/session'
import { Studio } from '@/pages/Studio'

vi.mock('@/features/audio/Waveform', () => ({
  Waveform: ({ label }: { label: string }) => <p>sound: {label}</p>,
}))
vi.mock('@/features/result/Result', () => ({
  Result: ({ result }: { result: { overall_score: number } }) => <p>score {result.overall_score}</p>,
}))
vi.mock('./microphone', () => ({ recordingSupportProblem: () => null }))
vi.mock('./recording', () => ({
  Recording: class {
    constructor(private readonly options: { onTake: (take: Blob) => void }) {}
    begin = () => Promise.resolve(this.options.onTake(new Blob(['voice'])))
    advance() {}
    cancel() {}
  },
}))

class FakeEventSource {
  static readonly CLOSED = 2
  static last: FakeEventSource | null = null
  static opened = 0
  static closed = 0
  onmessage: ((event: { data: string }) => void) | null = null
  constructor() {
    FakeEventSource.last = this
    FakeEventSource.opened += 1
  }
  close() {
    FakeEventSource.closed += 1
  }
}

const line = {
  id: 2,
  script_id: 1,
  position: 1,
  text: 'Fine. Be late.',
  translations: { ko: '좋아.' },
  actor: { id: 1, name: 'Grace' },
  script: { id: 1, title: 'Coffee', translations: {}, language: 'en-US' },
  audio_url: 'http://store/2.flac?sign=1',
  mine: null,
}
const job = {
  job_id: 'j',
  token_id: 2,
  status: 'processing',
  stage: 'stored',
  progress: 10,
  message: null,
  user_audio_url: null,
}
const result = {
  ...job,
  status: 'completed',
  stage: 'completed',
  progress: 100,
  attempt_class: 'scored',
  overall_score: 88,
  detailed_feedback: {
    words: [
      { text: 'Fine', ref_start_s: 0.1 },
      { text: 'Be', ref_start_s: 0.8 },
      { text: 'late', ref_start_s: 1 },
    ],
  },
}

let isDone = false
let uploads: Request[] = []

function answer(request: Request): Response {
  const { pathname } = new URL(request.url)
  if (pathname.endsWith('/uploads')) {
    return Response.json({ code: 'direct_uploads_off', status: 409, detail: '' }, { status: 409 })
  }
  if (request.method === 'POST') {
    uploads.push(request)
    return Response.json({ job_id: 'j', status: 'processing', progress_url: '', result_url: '' }, { status: 202 })
  }
  if (/^\/api\/tokens\/\d$/.test(pathname)) return Response.json({ ...line, id: Number(pathname.at(-1)) })
  if (pathname === '/api/scripts/1') return Response.json({ tokens: [line, { ...line, id: 3 }] })
  if (pathname === '/api/mypage/attempts') return Response.json({ items: isDone ? [result] : [] })
  return Response.json(isDone ? result : job)
}

function open() {
  const router = createMemoryRouter([{ path: 'lines/:tokenId', element: <Studio /> }], { initialEntries: ['/lines/2'] })
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WaitingTakes />
      <Tooltip.Provider>
        <RouterProvider router={router} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  )
  return router
}

beforeEach(() => {
  isDone = false
  FakeEventSource.last = null
  FakeEventSource.opened = FakeEventSource.closed = 0
  uploads = []
  Element.prototype.scrollIntoView = () => {}
  vi.stubGlobal('EventSource', FakeEventSource)
  vi.stubGlobal('fetch', (request: Request) => Promise.resolve(answer(request)))
})

afterEach(() => vi.unstubAllGlobals())

test('a visitor can see and play everything, and has to sign in to record', async () => {
  closeSession()
  open()
  expect(await screen.findByRole('heading', { level: 1, name: line.text })).toBeTruthy()
  expect(screen.getByText('sound: Grace')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Record' })).toBeNull()
  expect((await screen.findByRole('link', { name: 'Sign in to record' })).getAttribute('href')).toBe('/sign-in')
  expect(screen.queryByRole('button', { name: 'Fine.' })).toBeNull()
})

test('a recording is sent, followed and scored; then its words can be played', async () => {
  openSession({ access_token: 'a', expires_in: 900, user: { id: 7 } } as never)
  const router = open()
  await userEvent.click(await screen.findByRole('button', { name: 'Record' }))
  await screen.findByText('Your recording has arrived.')
  expect(uploads).toHaveLength(1)
  expect(router.state.location.search).toBe('?attempt=j')
  await waitFor(() => expect(FakeEventSource.last).not.toBeNull())

  const say = (update: object) =>
    act(() => FakeEventSource.last?.onmessage?.({ data: JSON.stringify({ ...job, ...update }) }))
  say({ stage: 'prosody', progress: 75 })
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('75')
  isDone = true
  say({ status: 'completed', stage: 'completed', progress: 100 })
  await screen.findByText('score 88')
  await screen.findByRole('button', { name: 'Fine.' })
  expect(screen.getByRole('button', { name: 'Record again' })).toBeTruthy()
})

test('a recording is followed at once, before anything else is known about its analysis', async () => {
  vi.stubGlobal('fetch', (request: Request) =>
    request.url.includes('/analysis-result/') ? new Promise(() => undefined) : Promise.resolve(answer(request)),
  )
  openSession({ access_token: 'a', expires_in: 900, user: { id: 7 } } as never)
  open()
  await userEvent.click(await screen.findByRole('button', { name: 'Record' }))
  await waitFor(() => expect(FakeEventSource.last).not.toBeNull())
  act(() => FakeEventSource.last?.onmessage?.({ data: JSON.stringify({ ...job, stage: 'prosody', progress: 75 }) }))
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('75')
  const followed = FakeEventSource.opened
  act(() => closeSession())
  await screen.findByRole('link', { name: 'Sign in to record' })
  expect(FakeEventSource.closed).toBe(1)
  expect(FakeEventSource.opened).toBe(followed)
})

test('a first answer that comes late, and says that the analysis still runs, does not stay', async () => {
  let release = () => {}
  let asked = 0
  vi.stubGlobal('fetch', (request: Request) => {
    if (!request.url.includes('/analysis-result/') || (asked += 1) > 1) return Promise.resolve(answer(request))
    return new Promise<Response>((resolve) => (release = () => resolve(Response.json(job))))
  })
  openSession({ access_token: 'a', expires_in: 900, user: { id: 7 } } as never)
  open()
  await userEvent.click(await screen.findByRole('button', { name: 'Record' }))
  await waitFor(() => expect([FakeEventSource.opened, asked]).toEqual([1, 1]))
  isDone = true
  const done = { ...job, status: 'completed', stage: 'completed', progress: 100 }
  act(() => FakeEventSource.last?.onmessage?.({ data: JSON.stringify(done) }))
  await act(async () => {
    release()
    await Promise.resolve()
  })
  await screen.findByText('score 88')
})

test('the scores of the first take scroll into view once they are on the page', async () => {
  const shown: string[] = []
  Element.prototype.scrollIntoView = (options) => {
    if (typeof options === 'object' && options.block === 'start') shown.push(document.body.textContent)
  }
  openSession({ access_token: 'a', expires_in: 900, user: { id: 7 } } as never)
  open()
  await userEvent.click(await screen.findByRole('button', { name: 'Record' }))
  await waitFor(() => expect(FakeEventSource.last).not.toBeNull())
  expect(shown).toEqual([])
  isDone = true
  const done = { ...job, status: 'completed', stage: 'completed', progress: 100 }
  act(() => FakeEventSource.last?.onmessage?.({ data: JSON.stringify(done) }))
  await screen.findByText('score 88')
  expect(shown).toHaveLength(1)
  expect(shown[0]).toMatch(/score 88/)
})

test('the arrow keys go to the neighbouring line', async () => {
  closeSession()
  const router = open()
  await screen.findByRole('link', { name: 'Next line' })
  await userEvent.keyboard('[ArrowRight]')
  await waitFor(() => expect(router.state.location.pathname).toBe('/lines/3'))
})
