import { expect, test } from 'vitest'
import { hintFor, isEmpty, limitFor, MAX_RECORDING_S } from './recordingHelp'
import { NO_SPEECH_YET } from './speechDetection'

const LINE_S = 3

function soFar(elapsedS: number, loudest: number, hasSpoken = false, floor = loudest) {
  return { elapsedS, loudest, speech: { ...NO_SPEECH_YET, hasSpoken, levels: Array<number>(80).fill(floor) } }
}

test.each([
  ['nothing arrives', 2.9, -80, false, null],
  ['nothing arrives', 3, -80, false, 'silent'],
  ['a quiet room', 4.9, -58, false, null],
  ['a quiet room', 5, -58, false, 'noSpeech'],
  ['loud noise', 5, -20, false, 'noisy'],
  ['speech', 8.4, -20, true, null],
  ['speech without an end', 8.5, -20, true, 'pressStop'],
] as const)('%s at %f s', (_, elapsedS, loudest, hasSpoken, hint) => {
  expect(hintFor(soFar(elapsedS, loudest, hasSpoken), LINE_S)).toBe(hint)
})

test('the limit grows with the line, between 10 s and what the API accepts', () => {
  expect([0.5, 2, 4, 30, 119].map(limitFor)).toEqual([10, 11, 16, 81, MAX_RECORDING_S])
})

test('only a recording without anything loud enough is empty', () => {
  expect(isEmpty(soFar(10, -90))).toBe(true)
  expect(isEmpty(soFar(10, -60))).toBe(true)
  expect(isEmpty(soFar(10, -48))).toBe(false)
  expect(isEmpty(soFar(10, -20))).toBe(false)
  expect(isEmpty(soFar(10, -60, true))).toBe(false)
})
