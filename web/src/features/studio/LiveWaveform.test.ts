import { expect, test } from 'vitest'
import { barHeight } from './LiveWaveform'

test('a bar is as high as its peak: a quiet voice looks quiet', () => {
  expect(barHeight(0, 64)).toBe(2)
  expect(barHeight(0.25, 64)).toBe(16)
  expect(barHeight(1, 64)).toBe(64)
  expect(barHeight(1.4, 64)).toBe(64)
})
