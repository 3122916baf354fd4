import { afterEach, expect, test } from 'vitest'
import { actorLanguage, actorName } from './actors'
import i18n from './i18n'

const GRACE = { name: 'Grace (synthetic voice)', translations: { ko: '그레이스' } }

afterEach(() => void i18n.changeLanguage('en'))

test('an actor has the name of the page’s language, marked as such', async () => {
  await i18n.changeLanguage('ko')
  expect(actorName(GRACE)).toBe('그레이스')
  expect(actorLanguage(GRACE, 'en-US')).toBeUndefined()
})

test('without a translation the name is that of the original', async () => {
  expect(actorName(GRACE)).toBe('Grace')
  expect(actorLanguage(GRACE, 'en-US')).toBe('en-US')
  await i18n.changeLanguage('ko')
  expect(actorName({ name: 'Leo' })).toBe('Leo')
  expect(actorLanguage({ name: 'Leo', translations: {} }, 'en-US')).toBe('en-US')
})
