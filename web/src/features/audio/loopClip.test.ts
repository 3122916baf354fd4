import { expect, test } from 'vitest'
import { cutLoop, encodeWav, fitSpan, positionInLoop } from './loopClip'

const sampleRate = 48_000
/** Each sample tells its own position: a ramp from 0 to 1 in two seconds. */
const ramp = { samples: Float32Array.from({ length: 2 * sampleRate }, (_, at) => at / (2 * sampleRate)), sampleRate }
const EDGE_S = 0.015

test.each([
  [{ from: 0.25, to: 0.6 }, 0],
  [{ from: 0.1234, to: 1.9876 }, 1],
  [{ from: 0, to: 2 }, 3],
])('a repeat of %o with pause ×%i holds exactly that part', (span, pauses) => {
  const clip = cutLoop(ramp, span, pauses)
  const length = span.to - span.from
  expect(clip.length / sampleRate).toBeCloseTo(length + Math.max(length * pauses, 0.03), 4)
  const heard = clip.findLastIndex((sample) => sample !== 0) / sampleRate
  expect(Math.abs(heard - length)).toBeLessThan(EDGE_S)
  // Outside the fades of 4 ms each sample is that of the original.
  for (const at of [0.005, length / 2, length - 0.005]) {
    const original = ramp.samples[Math.round(span.from * sampleRate) + Math.round(at * sampleRate)]
    expect(clip[Math.round(at * sampleRate)]).toBe(original)
  }
})

test('both edges fade, so that repeats do not click', () => {
  const loud = { samples: new Float32Array(sampleRate).fill(1), sampleRate }
  const clip = cutLoop(loud, { from: 0.2, to: 0.5 }, 0)
  expect([clip[0], clip.at(-1)]).toEqual([0, 0])
  const steps = clip.subarray(1).map((sample, index) => Math.abs(sample - (clip[index] ?? 0)))
  expect(Math.max(...steps)).toBeLessThan(0.01)
})

test('a span is put in order, within the sound, and not too short', () => {
  expect(fitSpan({ from: 1.5, to: 0.5 }, 2)).toEqual({ from: 0.5, to: 1.5 })
  expect(fitSpan({ from: -1, to: 9 }, 2)).toEqual({ from: 0, to: 2 })
  expect(fitSpan({ from: 1, to: 1.01 }, 2)).toEqual({ from: 1, to: 1.12 })
  const atEnd = fitSpan({ from: 1.99, to: 2 }, 2)
  expect(atEnd.to - atEnd.from).toBeCloseTo(0.12)
  expect(fitSpan({ from: 0.01, to: 0.02 }, 0.05)).toEqual({ from: 0, to: 0.05 })
})

test('the cursor runs through the span and is nowhere during the pause', () => {
  const span = { from: 0.5, to: 0.9 }
  expect(positionInLoop(0, span)).toBe(0.5)
  expect(positionInLoop(0.3, span)).toBeCloseTo(0.8)
  expect(positionInLoop(0.5, span)).toBeNull()
})

test('the WAV file has the samples as 16-bit PCM', async () => {
  const file = encodeWav(Float32Array.of(0, 1, -1, 0.5, 2), 48_000)
  const view = new DataView(await file.arrayBuffer())
  const text = (from: number) => String.fromCharCode(...[0, 1, 2, 3].map((at) => view.getUint8(from + at)))
  expect([text(0), text(8), text(36)]).toEqual(['RIFF', 'WAVE', 'data'])
  expect([view.getUint32(4, true), view.getUint32(40, true)]).toEqual([view.byteLength - 8, 10])
  expect([view.getUint32(24, true), view.getUint32(28, true)]).toEqual([48_000, 96_000])
  expect([0, 1, 2, 3, 4].map((at) => view.getInt16(44 + 2 * at, true))).toEqual([0, 32767, -32767, 16384, 32767])
})
