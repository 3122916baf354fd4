import { expect, test } from 'vitest'
import type { Pair } from './parseFeedback'
import { timeMappings } from './timeMapping'

const PAIRS: Pair[] = [
  [1, 0.5],
  [2, 1],
  [5, 2],
]

test("the actor's time is mapped to mine word by word", () => {
  const { toMine } = timeMappings(PAIRS)
  expect(toMine(0.5)).toBe(1)
  expect(toMine(0.75)).toBe(1.5)
  expect(toMine(1.5)).toBe(3.5)
  expect(toMine(2)).toBe(5)
})

test('outside the words both times advance at the same rate', () => {
  const { toMine } = timeMappings(PAIRS)
  expect(toMine(0.25)).toBe(0.75)
  expect(toMine(2.5)).toBe(5.5)
})

test('mapping to my time and back returns the same time', () => {
  const { toMine, toActor } = timeMappings(PAIRS)
  for (const seconds of [0, 0.6, 1, 1.7, 3]) expect(toActor(toMine(seconds))).toBeCloseTo(seconds)
})

test('decreasing and duplicate pairs are ignored', () => {
  const { toMine } = timeMappings([...PAIRS, [2, 1], [3, 0.9], [3.5, 1]])
  expect(toMine(1.5)).toBe(3.5)
})

test('without pairs times are unchanged; one pair gives an offset', () => {
  expect(timeMappings([]).toMine(3)).toBe(3)
  expect(timeMappings([[1, 0.4]]).toMine(1.4)).toBe(2)
})
