import { expect, test } from 'vitest'
import { meterFraction, levelOf, loudnessOf } from './level'

test('measures a full-scale square wave as 0 dB and digital silence as nothing', () => {
  expect(levelOf(new Float32Array(64).fill(1)).rms).toBeCloseTo(0, 3)
  expect(levelOf(new Float32Array(64)).rms).toBeLessThan(-90)
})

test.each([
  ['none', { rms: -80, peak: 0 }],
  ['quiet', { rms: -48, peak: 0.01 }],
  ['good', { rms: -25, peak: 0.3 }],
  ['loud', { rms: -6, peak: 1 }],
] as const)('calls a voice %s', (loudness, level) => {
  expect(loudnessOf([{ rms: -90, peak: 0 }, level, { rms: -90, peak: 0 }])).toBe(loudness)
})

test('the meter stays between empty and full', () => {
  expect(meterFraction({ rms: -100, peak: 0 })).toBe(0)
  expect(meterFraction({ rms: 3, peak: 1 })).toBe(1)
})
