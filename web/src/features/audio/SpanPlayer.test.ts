import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SpanPlayer } from './SpanPlayer'

const START_S = 1
let told: number[] = []
let jumps: number[] = []
let readyState = 4
let playing: boolean[] = []
let player: SpanPlayer

/** A sound that plays as the fake clock goes. */
beforeEach(() => {
  vi.useFakeTimers()
  told = []
  playing = []
  jumps = []
  readyState = 4
  player = new SpanPlayer('blob:sound', {
    onStart: () => undefined,
    onFailed: () => playing.push(false),
    onPlaying: (is) => playing.push(is),
    onTime: (seconds) => told.push(seconds),
    onEnd: () => undefined,
  })
  const { audio } = player
  let [at, since] = [0, Number.NaN]
  const now = () => (Number.isNaN(since) ? at : at + ((Date.now() - since) / 1000) * audio.playbackRate)
  Object.defineProperties(audio, {
    currentTime: {
      get: now,
      set: (seconds: number) => {
        jumps.push((at = seconds))
        if (!Number.isNaN(since)) since = Date.now()
      },
    },
    readyState: { get: () => readyState },
    paused: { get: () => Number.isNaN(since) },
  })
  audio.play = () => {
    // As in Safari, a jump while it plays is not told as `playing`.
    if (!Number.isNaN(since)) return Promise.resolve()
    since = Date.now()
    audio.dispatchEvent(new Event('playing'))
    return Promise.resolve()
  }
  audio.pause = () => {
    at = now()
    since = Number.NaN
    audio.dispatchEvent(new Event('pause'))
  }
  audio.load = () => undefined
})

afterEach(() => {
  player.close()
  vi.useRealTimers()
})

test('a part is played to its end and not further', async () => {
  await player.play(START_S, 1.3)
  await vi.advanceTimersByTimeAsync(290)
  expect(player.audio.paused).toBe(false)
  await vi.advanceTimersByTimeAsync(30)
  expect(player.audio.paused).toBe(true)
  expect(player.audio.currentTime).toBeCloseTo(1.3, 2)
  expect(playing).toEqual([true, false])
  expect(told[0]).toBe(START_S)
  expect(told.length).toBeGreaterThan(5)
})

test('a slower rate moves the end away', async () => {
  await player.play(START_S, 1.3)
  player.setRate(0.5)
  player.audio.dispatchEvent(new Event('ratechange'))
  await vi.advanceTimersByTimeAsync(590)
  expect(player.audio.paused).toBe(false)
  await vi.advanceTimersByTimeAsync(30)
  expect(player.audio.paused).toBe(true)
})

test('a press elsewhere plays on from there; without a part all is played', async () => {
  await player.play(START_S, 1.3)
  player.seek(2)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(player.audio.paused).toBe(false)
  expect(player.audio.currentTime).toBeCloseTo(3, 1)
  await player.toggle()
  expect(player.audio.paused).toBe(true)
})

test('another part is played to its own end', async () => {
  await player.play(START_S, 1.3)
  await vi.advanceTimersByTimeAsync(100)
  await player.play(2, 2.1)
  await vi.advanceTimersByTimeAsync(120)
  expect(player.audio.paused).toBe(true)
  expect(player.audio.currentTime).toBeCloseTo(2.1, 1)
})

test('going on jumps nowhere', async () => {
  await player.toggle()
  expect(jumps).toEqual([])
})

test('a jump waits until the sound can be played', async () => {
  readyState = 1
  player.seek(2)
  player.seek(3)
  expect(jumps).toEqual([])
  player.audio.dispatchEvent(new Event('canplay'))
  expect(jumps).toEqual([3])
  await player.play(START_S, 1.3)
  expect(jumps).toEqual([3, START_S])
  await vi.advanceTimersByTimeAsync(320)
  expect(player.audio.paused).toBe(true)
})

test('a sound that breaks off does not seem to play', async () => {
  await player.play()
  player.audio.dispatchEvent(new Event('error'))
  expect(playing.at(-1)).toBe(false)
})
