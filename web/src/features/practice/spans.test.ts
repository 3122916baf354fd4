import { expect, test } from 'vitest'
import { phrasesOfSound, phrasesOfWords, spanAt, spanBeside, textOf, type TimedWord, wordsWithin } from './spans'

const words: TimedWord[] = [
  { text: 'Late,', place: 0, from: 0.1, to: 0.4 },
  { text: 'Leo', place: 1, from: 0.4, to: 0.7 },
  { text: 'said.”', place: 2, from: 0.7, to: 1 },
  { text: 'The', place: 3, from: 1.05, to: 1.2 },
  { text: 'coffee', place: 4, from: 1.5, to: 1.9 },
]

test('phrases end at punctuation and at pauses', () => {
  expect(phrasesOfWords(words)).toEqual([
    { from: 0.1, to: 0.4 },
    { from: 0.4, to: 1 },
    { from: 1.05, to: 1.2 },
    { from: 1.5, to: 1.9 },
  ])
  expect(phrasesOfWords([])).toEqual([])
})

function toneSound(parts: readonly (readonly [seconds: number, level: number])[], sampleRate = 8000) {
  const samples = parts.flatMap(([seconds, level]) =>
    Array.from({ length: Math.round(seconds * sampleRate) }, (_, at) => level * Math.sin(at / 3)),
  )
  return { samples: Float32Array.from(samples), sampleRate }
}

test('phrases of a sound lie between its pauses, however loud it is', () => {
  for (const gain of [1, 0.05]) {
    const parts = [
      [0.3, 0.001 * gain],
      [0.8, gain],
      [0.1, 0],
      [0.5, 0.5 * gain],
      [0.4, 0.001 * gain],
      [0.6, gain],
      [0.3, 0],
    ] as const
    const phrases = phrasesOfSound(toneSound(parts))
    expect(phrases).toHaveLength(2)
    const edges = phrases.flatMap(({ from, to }) => [from, to])
    ;[0.3, 1.7, 2.1, 2.7].forEach((edge, index) => expect(Math.abs((edges[index] ?? 0) - edge)).toBeLessThan(0.1))
  }
})

test('a silent sound has no phrases', () => {
  expect(phrasesOfSound(toneSound([[1, 0]]))).toEqual([])
})

test('the span at a moment holds it, else it is the nearest', () => {
  expect(spanAt(words, 0.5)).toBe(1)
  expect(spanAt(words, 0.4)).toBe(1)
  expect(spanAt(words, 1.3)).toBe(3)
  expect(spanAt(words, 9)).toBe(4)
  expect(spanAt(words, 0)).toBe(0)
  expect(spanAt([], 1)).toBe(-1)
})

test('the span beside stays at the ends', () => {
  expect(spanBeside(words, { from: 0.4, to: 0.7 }, 1)).toBe(words[2])
  expect(spanBeside(words, { from: 0.1, to: 0.4 }, -1)).toBe(words[0])
  expect(spanBeside(words, { from: 1.5, to: 1.9 }, 1)).toBe(words[4])
})

test('the words of a span are those whose middle it holds', () => {
  expect(wordsWithin(words, { from: 0.38, to: 1.1 })).toEqual({ first: 1, last: 2 })
  expect(wordsWithin(words, { from: 1.5, to: Infinity })).toEqual({ first: 4, last: 4 })
  expect(wordsWithin(words, { from: 1.21, to: 1.4 })).toBeNull()
})

test('the text of some words keeps their punctuation', () => {
  expect(textOf(words, { first: 1, last: 3 })).toBe('Leo said.” The')
})
