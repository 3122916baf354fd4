import { expect, test } from 'vitest'
import { NEW_SCENE, scenePatchOf, toMoment, translationsOf } from './sceneFields'

test('only what changed is sent, an empty text as none', () => {
  const before = { ...NEW_SCENE, title: 'Late', licence: 'CC0 1.0', credit: 'Grace' }
  expect(scenePatchOf(before, before)).toEqual({})
  expect(scenePatchOf({ ...before, title: ' Later ', licence: ' ' }, before)).toEqual({ title: 'Later', licence: null })
  expect(scenePatchOf({ ...before, synthetic_voice: true }, before)).toEqual({ synthetic_voice: true })
})

test('an expiry is a moment in UTC', () => {
  const local = '2027-03-01T09:00'
  expect(toMoment(local)).toBe(new Date(local).toISOString())
  expect(scenePatchOf({ ...NEW_SCENE, expires: local }, NEW_SCENE)).toEqual({ expires_at: toMoment(local) })
  expect(scenePatchOf(NEW_SCENE, { ...NEW_SCENE, expires: local })).toEqual({ expires_at: null })
})

test('empty translations are left out', () => {
  const translations = { ko: { title: '막차', description: '' }, ja: { title: ' ', description: '' } }
  expect(translationsOf({ ...NEW_SCENE, translations })).toEqual({ ko: { title: '막차', description: null } })
})
