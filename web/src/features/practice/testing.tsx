import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Tooltip } from 'radix-ui'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { applyRate } from '@/features/audio/rate'
import type { SpanHandlers } from '@/features/audio/SpanPlayer'
import fixture from '@/features/result/fixture.json'
import { closeSession } from '@/lib/session'
import { Studio } from '@/pages/Studio'
import { signIn } from '@/testing'

/** A waveform without canvas. */
const { FakeWaveSurfer, FakePlayer, players, decodeMock } = vi.hoisted(() => {
  class FakeWaveSurfer {
    private readonly listeners = new Map<string, (value: number) => void>()
    private source = ''
    static create = () => new FakeWaveSurfer()
    on(name: string, act: (value: number) => void) {
      this.listeners.set(name, act)
    }
    async load(url: string) {
      this.source = url
      await Promise.resolve()
      this.listeners.get('ready')?.(DURATION_S)
    }
    destroy() {}
    getMediaElement = () => ({ src: this.source })
    getDecodedData = () => null
    getDuration = () => DURATION_S
  }
  /** A player without sound; `players` are those on the page. */
  const players = new Map<string, FakePlayer>()
  class FakePlayer {
    readonly audio = document.createElement('audio')
    readonly play = vi.fn<(...span: number[]) => Promise<void>>(() => {
      this.handlers.onStart()
      return Promise.resolve(this.handlers.onPlaying(true))
    })
    readonly toggle = this.play
    constructor(
      private readonly url: string,
      private readonly handlers: SpanHandlers,
    ) {
      players.set(url, this)
    }
    setRate = (rate: number) => applyRate(this.audio, rate)
    hear = (seconds: number) => this.handlers.onTime(seconds)
    pause = () => this.handlers.onPlaying(false)
    seek() {}
    close = () => players.delete(this.url)
  }
  const DURATION_S = 4
  return { FakeWaveSurfer, FakePlayer, players, decodeMock: vi.fn() }
})
vi.mock('wavesurfer.js', () => ({ default: FakeWaveSurfer }))
vi.mock('@/features/audio/SpanPlayer', () => ({ SpanPlayer: FakePlayer }))
vi.mock('@/features/result/Result', () => ({ Result: () => <p>the result</p> }))
vi.mock('@/features/audio/decode', () => ({ decode: decodeMock }))

export const ACTOR_URL = 'https://store.test/actor.flac'
export const MINE_URL = fixture.user_audio_url
export const player = (url: string) => players.get(url)!

/** A sound whose samples tell their second: its value is a tenth of it. */
export const SOUND = {
  samples: Float32Array.from({ length: 4 * 48_000 }, (_, at) => at / 480_000),
  sampleRate: 48_000,
}

const line = {
  id: 2,
  script_id: 1,
  position: 1,
  text: "You're forty minutes late, Leo. The coffee is freezing.",
  translations: { ko: '레오, 40분이나 늦었어.' },
  actor: { id: 1, name: 'Grace' },
  script: { id: 1, title: 'Coffee', translations: {}, language: 'en-US' },
  audio_url: ACTOR_URL,
  mine: null,
}

function answer(request: Request): Response {
  const { pathname } = new URL(request.url)
  if (pathname === '/api/tokens/2') return Response.json(line)
  if (pathname === '/api/scripts/1') return Response.json({ tokens: [line, { ...line, id: 3 }] })
  if (pathname === '/api/mypage/attempts') return Response.json({ items: [fixture] })
  return Response.json(fixture)
}

let clips: Blob[] = []
const played = vi.fn<(this: HTMLMediaElement) => Promise<void>>(() => Promise.resolve())

/** The repeat that is played: what is heard of the sound, and the silence after it, s. */
export async function playedLoop() {
  const view = new DataView(await clips.at(-1)!.arrayBuffer())
  const samples = Array.from({ length: (view.byteLength - 44) / 2 }, (_, at) => view.getInt16(44 + 2 * at, true))
  const heard = samples.findLastIndex((sample) => sample !== 0) / SOUND.sampleRate
  const second = (samples[480] ?? 0) / 0x7fff / 0.1
  return { from: second - 0.01, length: heard, pause: samples.length / SOUND.sampleRate - heard }
}

export const playedClips = () => clips.length

/** Lets the loop that plays reach this second of its repeat, and its cursor follow. */
export async function playLoopUntil(elapsed: number) {
  const element = played.mock.contexts.at(-1)
  Object.defineProperty(element, 'currentTime', { value: elapsed, writable: true, configurable: true })
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
}

export { decodeMock }

/** Opens the page of the line as a visitor, or as a learner with a scored take. */
export async function open(who: 'visitor' | 'learner') {
  if (who === 'learner') signIn()
  else closeSession()
  const router = createMemoryRouter([{ path: 'lines/:tokenId', element: <Studio /> }], { initialEntries: ['/lines/2'] })
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Tooltip.Provider>
        <RouterProvider router={router} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  )
  await screen.findByRole('heading', { level: 1 })
  const isReady = (name: string) => expect(screen.getByRole<HTMLButtonElement>('button', { name }).disabled).toBe(false)
  await waitFor(() => isReady('Play: Grace'))
  if (who === 'learner') {
    await screen.findByRole('button', { name: 'forty' })
    await waitFor(() => isReady('Play: My voice'))
  }
  return userEvent.setup()
}

beforeEach(() => {
  clips = []
  localStorage.setItem('yousync.language', 'en')
  decodeMock.mockResolvedValue(SOUND)
  vi.stubGlobal('fetch', (request: Request) => Promise.resolve(answer(request)))
  vi.spyOn(URL, 'createObjectURL').mockImplementation((clip) => `blob:${clips.push(clip as Blob)}`)
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue()
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(played)
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue()
  vi.spyOn(HTMLMediaElement.prototype, 'load').mockReturnValue()
  // Waveforms are 400 px wide, 100 px a second.
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue({ left: 0, width: 400 } as DOMRect)
  HTMLElement.prototype.setPointerCapture = () => {}
})

afterEach(() => {
  localStorage.clear()
  vi.unstubAllGlobals()
})
