import { expect, test } from 'vitest'
import fixture from './fixture.json'
import { parseFeedback } from './parseFeedback'
import { overlay } from './overlay'

const { contours, words } = parseFeedback(fixture.detailed_feedback)
if (!contours) throw new Error('the fixture has no contours')

test('both pitch curves share one time axis around the words, with gaps for silence', () => {
  const { samples, range, spans } = overlay(contours, words)
  expect(range.from).toBeCloseTo(0.12 - 0.15)
  expect(range.to).toBeCloseTo(3.41 + 0.15)
  expect(spans).toHaveLength(9)
  expect(samples.some(({ mine }) => mine === null)).toBe(true)
  expect(samples.some(({ mine, actor }) => mine !== null && actor !== null)).toBe(true)
})

test('an omitted word is placed where the actor says it', () => {
  const silent = words.map((word, index) => (index === 6 ? { ...word, start_s: null, end_s: null } : word))
  const span = overlay(contours, silent).spans[6]
  expect(span?.from).toBeCloseTo(2.3)
  expect(span?.to).toBeCloseTo(2.69)
})

test('omitted words do not overlap the words I said', () => {
  const silent = words.map((word, index) => (index > 2 && index < 6 ? { ...word, start_s: null, end_s: null } : word))
  const timePairs = contours.timePairs.filter(([mine]) => mine < 0.99 || mine > 2.25)
  const { spans } = overlay({ ...contours, timePairs }, silent)
  expect(spans[3]?.from).toBeGreaterThanOrEqual(spans[2]?.to ?? NaN)
  expect(spans[5]?.to).toBeLessThanOrEqual(spans[6]?.from ?? NaN)
})

test('without the actor there is only my pitch', () => {
  const { samples } = overlay({ ...contours, reference_st: null, reference_energy_db: null, timePairs: [] }, words)
  expect(samples.every(({ actor, actorDb }) => actor === null && actorDb === null)).toBe(true)
})
