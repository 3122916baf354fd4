import { expect, test } from 'vitest'
import { clippedParts } from './clipping'

const tone = (gain: number) => (_: unknown, index: number) =>
  Math.min(1, Math.max(-1, gain * Math.sin((2 * Math.PI * 200 * index) / 16_000)))

test('a voice below full scale, and a single peak, are not clipped', () => {
  expect(clippedParts(Float32Array.from({ length: 16_000 }, tone(0.9)))).toEqual([])
  const peak = new Float32Array(16_000)
  peak[8000] = 1
  expect(clippedParts(peak)).toEqual([])
  expect(clippedParts(new Float32Array(0))).toEqual([])
})

test('clipped parts are found where they are', () => {
  const samples = Float32Array.from({ length: 16_000 }, tone(0.3))
  const loud = Float32Array.from({ length: 4000 }, tone(3))
  samples.set(loud, 8000)
  const parts = clippedParts(samples)
  expect(parts[0]?.from).toBeCloseTo(0.5, 2)
  expect(parts.at(-1)?.to).toBeCloseTo(0.75, 2)
  expect(parts).toHaveLength(1)
})
