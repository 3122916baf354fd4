import { expect, test } from 'vitest'
import type { DraftLine } from '@/api'
import { editedFields, editReducer, NO_EDITS, patchOf, type EditAction } from './lineEdits'

const line = (id: number): DraftLine => ({
  id,
  script_id: 1,
  script_title: 'Late coffee',
  script_language: 'en-US',
  script_titles: {},
  level: null,
  good_to_start: false,
  actor: { id: 3, name: 'Grace', translations: {} },
  position: id,
  text: 'You are late.',
  translation: '늦었네.',
  translations: { ko: '늦었네.', ja: '遅いね。' },
  start_time: 1,
  end_time: 2,
  has_audio: true,
  spoken_form: null,
  curator_level: null,
  results: 0,
  version: 'v1',
})
const [first, second] = [line(1), line(2)]
const play = (...actions: EditAction[]) => actions.reduce(editReducer, NO_EDITS)
const typed = (text: string, of = first): EditAction => ({
  type: 'changed',
  line: of,
  values: { text },
  gesture: `text ${of.id}`,
})
const moved = (start_time: number, gesture: string): EditAction => ({
  type: 'changed',
  line: first,
  values: { start_time },
  gesture,
})
const undone: EditAction = { type: 'undone' }

test('unsaved values lie over the stored ones', () => {
  const { edits } = play(typed('You are early.'))
  expect(editedFields(first, edits)).toMatchObject({ text: 'You are early.', actor: 'Grace', start_time: 1 })
  expect(editedFields(second, edits).text).toBe('You are late.')
})

test('a value that equals the stored one is no edit', () => {
  expect(play(typed('You'), typed('You are late.')).edits).toEqual({})
  const texts: EditAction = {
    type: 'changed',
    line: first,
    values: { translations: { ja: '遅いね。', ko: '늦었네.' }, curator_level: null, spoken_form: '' },
    gesture: 'texts',
  }
  expect(play(texts)).toEqual(NO_EDITS)
})

test('undo returns gesture by gesture, over all lines', () => {
  const before = [moved(1.1, 'drag 1'), moved(1.2, 'drag 1'), typed('No', second), moved(1.3, 'drag 2')]
  expect(play(...before).edits).toEqual({ 1: { start_time: 1.3 }, 2: { text: 'No' } })
  expect(play(...before, undone).edits).toEqual({ 1: { start_time: 1.2 }, 2: { text: 'No' } })
  expect(play(...before, undone, undone).edits).toEqual({ 1: { start_time: 1.2 } })
  expect(play(...before, undone, undone, undone, undone)).toEqual(NO_EDITS)
})

test('the same gesture after an undo is a new step', () => {
  expect(play(typed('One'), undone, typed('Two'), undone).edits).toEqual({})
})

test('what was saved or discarded does not come back by undo', () => {
  const state = play(typed('One'), typed('Other', second), { type: 'dropped', lineId: 1 })
  expect(state.edits).toEqual({ 2: { text: 'Other' } })
  const back = editReducer(state, undone)
  expect(back.edits).toEqual({})
  expect(back.past).toEqual([])
})

test('the body of a change has only what changed', () => {
  expect(patchOf({ start_time: 1.5, spoken_form: ' ' }, null)).toEqual({ start_time: 1.5, spoken_form: null })
  expect(patchOf({ actor: 'Leo', curator_level: 4, spoken_form: 'F B I' }, 9)).toEqual({
    actor_id: 9,
    curator_level: 4,
    spoken_form: 'F B I',
  })
})
