import { expect, test } from 'vitest'
import { initialState, isMine, sceneReducer, type SceneEvent } from './sceneState'

const GRACE = 1
const LEO = 2
const lines = [GRACE, LEO, GRACE].map((actor, index) => ({ id: index + 10, actor: { id: actor } }))
const reduce = sceneReducer(lines)

function play(...events: SceneEvent[]) {
  return events.reduce(reduce, initialState(lines))
}

test('preselects the actor with the most lines', () => {
  expect(initialState(lines).mine).toEqual([GRACE])
  expect(isMine(initialState(lines), lines[1])).toBe(false)
})

test('starts only if an actor is chosen', () => {
  expect(play({ type: 'chosen', actorId: GRACE }, { type: 'begun' }).phase).toBe('choosing')
  expect(play({ type: 'chosen', actorId: LEO }, { type: 'begun' })).toMatchObject({
    phase: 'running',
    mine: [GRACE, LEO],
  })
})

test('advances line by line and ends with all takes', () => {
  const state = play(
    { type: 'begun' },
    { type: 'taken', turn: 1, key: 'first' },
    { type: 'heard', turn: 2 },
    { type: 'taken', turn: 3, key: 'last' },
  )
  expect(state).toMatchObject({ phase: 'finished', takes: { 10: 'first', 12: 'last' } })
})

test('late events of a previous line are ignored', () => {
  const skipped = play({ type: 'begun' }, { type: 'skipped' })
  expect(reduce(skipped, { type: 'taken', turn: 1, key: 'late' })).toBe(skipped)
  expect(reduce(skipped, { type: 'heard', turn: 1 })).toBe(skipped)
})

test('pausing discards the take and restarts the line', () => {
  const paused = play({ type: 'begun' }, { type: 'paused' })
  expect(reduce(paused, { type: 'taken', turn: 1, key: 'half' }).takes).toEqual({})
  expect(reduce(paused, { type: 'resumed' })).toMatchObject({ phase: 'running', index: 0, turn: 3 })
})

test('redo returns to my last line, and the new take replaces the old one', () => {
  const redone = play({ type: 'begun' }, { type: 'taken', turn: 1, key: 'old' }, { type: 'redone' })
  expect(redone).toMatchObject({ index: 0, turn: 3 })
  expect(reduce(redone, { type: 'taken', turn: 3, key: 'new' }).takes).toEqual({ 10: 'new' })
})

test('can be finished early and restarted with the same roles', () => {
  const left = play({ type: 'begun' }, { type: 'taken', turn: 1, key: 'one' }, { type: 'left' })
  expect(left).toMatchObject({ phase: 'finished', takes: { 10: 'one' } })
  expect(reduce(left, { type: 'restarted' })).toMatchObject({ phase: 'choosing', mine: [GRACE], takes: {} })
})
