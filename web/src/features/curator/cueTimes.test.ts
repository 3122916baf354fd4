import { expect, test } from 'vitest'
import { fitWindow, MAX_CUE_S, MIN_CUE_S, momentAt, moveCue, moveEdge, placeOf } from './cueTimes'

const LENGTH_S = 60
const cue = { start: 10, end: 12 }

test('an edge moves alone and to the millisecond', () => {
  expect(moveEdge(cue, 'start', 10.0304, LENGTH_S)).toEqual({ start: 10.03, end: 12 })
  expect(moveEdge(cue, 'end', 12.5006, LENGTH_S)).toEqual({ start: 10, end: 12.501 })
})

test('an edge stays on its side, in the sound and within the longest cue', () => {
  expect(moveEdge(cue, 'start', 30, LENGTH_S)).toEqual({ start: 12 - MIN_CUE_S, end: 12 })
  expect(moveEdge(cue, 'start', -5, LENGTH_S)).toEqual({ start: 0, end: 12 })
  expect(moveEdge(cue, 'end', 3, LENGTH_S)).toEqual({ start: 10, end: 10 + MIN_CUE_S })
  expect(moveEdge(cue, 'end', 99, LENGTH_S)).toEqual({ start: 10, end: LENGTH_S })
  expect(moveEdge(cue, 'end', 999, 1000)).toEqual({ start: 10, end: 10 + MAX_CUE_S })
  expect(moveEdge({ start: 500, end: 502 }, 'start', 0, 1000).start).toBe(502 - MAX_CUE_S)
})

test('a cue that ends after the sound can still be shortened', () => {
  expect(moveEdge({ start: 59.9, end: 60.5 }, 'end', 60.2, LENGTH_S)).toEqual({ start: 59.9, end: 60.1 })
})

test('a cue moves as a whole and keeps its length', () => {
  expect(moveCue(cue, 1.5, LENGTH_S)).toEqual({ start: 11.5, end: 13.5 })
  expect(moveCue(cue, -99, LENGTH_S)).toEqual({ start: 0, end: 2 })
  expect(moveCue(cue, 99, LENGTH_S)).toEqual({ start: 58, end: 60 })
  expect(moveCue({ start: 59, end: 61 }, 1, LENGTH_S)).toEqual({ start: 59, end: 61 })
})

test('what is shown stays while the cue lies well inside of it', () => {
  const shown = fitWindow(null, cue, LENGTH_S)
  expect(shown).toEqual({ start: 8.5, end: 13.5 })
  expect(fitWindow(shown, { start: 9, end: 13 }, LENGTH_S)).toBe(shown)
  expect(fitWindow(shown, { start: 8.6, end: 13 }, LENGTH_S)).toEqual({ start: 7.1, end: 14.5 })
  expect(fitWindow(shown, { start: 30, end: 31 }, LENGTH_S)).toEqual({ start: 28.5, end: 32.5 })
})

test('what is shown does not follow a cue at the ends of the sound', () => {
  const first = fitWindow(null, { start: 0.1, end: 1 }, LENGTH_S)
  expect(first.start).toBe(0)
  expect(fitWindow(first, { start: 0, end: 1 }, LENGTH_S)).toBe(first)
  const last = fitWindow(null, { start: 58, end: 59.9 }, LENGTH_S)
  expect(last.end).toBe(LENGTH_S)
  expect(fitWindow(last, { start: 58, end: 60 }, LENGTH_S)).toBe(last)
})

test('the longest cue is shown without asking for more sound than the server cuts', () => {
  const { start, end } = fitWindow(null, { start: 200, end: 200 + MAX_CUE_S }, 1000)
  expect(end - start).toBeLessThanOrEqual(MAX_CUE_S)
})

test('places and moments are inverse', () => {
  const shown = { start: 8, end: 13 }
  expect(placeOf(9, shown)).toBeCloseTo(0.2)
  expect(momentAt(0.2, shown)).toBeCloseTo(9)
  expect([momentAt(-1, shown), momentAt(2, shown)]).toEqual([8, 13])
})
