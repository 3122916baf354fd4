import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DEFAULT_LANGUAGE, LANGUAGE_CODES } from '@/locales/languages'
import i18n, { initialLanguage, inPageLanguage, localized, setLanguage, translationOf } from './i18n'

const SCENE = {
  title: 'The Late Coffee',
  description: null,
  translations: { ko: { title: '식어 버린 커피', description: null } },
}

beforeEach(() => localStorage.removeItem('yousync.language'))
afterEach(() => setLanguage('en'))

function prefer(language: string) {
  vi.spyOn(navigator, 'language', 'get').mockReturnValue(language)
}

test.each(LANGUAGE_CODES)('the browser can choose %s, and a stored choice comes first', (language) => {
  prefer(`${language}-XX`)
  expect(initialLanguage()).toBe(language)
  setLanguage(language)
  prefer('tlh')
  expect(initialLanguage()).toBe(language)
})

test('an unknown language of the browser or of the device gives the default', () => {
  prefer('tlh')
  localStorage.setItem('yousync.language', 'tlh')
  expect(initialLanguage()).toBe(DEFAULT_LANGUAGE)
})

test('the document has the language of the page', () => {
  setLanguage('ko')
  expect(document.documentElement.lang).toBe('ko')
})

test('a field is translated into the language of the page where the API has a translation', () => {
  expect(localized(SCENE, 'title')).toBe('The Late Coffee')
  setLanguage('ko')
  expect(localized(SCENE, 'title')).toBe('식어 버린 커피')
  expect(localized({ ...SCENE, translations: {} }, 'title')).toBe('The Late Coffee')
  expect(localized({ title: 'The Late Coffee' }, 'title')).toBe('The Late Coffee')
  expect(localized(SCENE, 'description')).toBe('')
})

test('a line is translated into the language of the page, or else into the default language', () => {
  const both = { translations: { en: 'Bonjour means hello.', ko: '안녕하세요.' } }
  expect(translationOf(both)).toEqual({ language: 'en', text: 'Bonjour means hello.' })
  expect(translationOf({ translations: { ko: '안녕하세요.' } })).toEqual({ language: 'ko', text: '안녕하세요.' })
  setLanguage('ko')
  expect(translationOf(both)?.language).toBe('ko')
  expect(translationOf({ translations: { fr: 'Bonjour.' } })).toBeUndefined()
  expect(translationOf({})).toBeUndefined()
})

test('a text by language falls back to the reference language, then to any', async () => {
  await i18n.changeLanguage('ko')
  expect(inPageLanguage({ ko: '팁', en: 'tip' })).toBe('팁')
  expect(inPageLanguage({ en: 'tip' })).toBe('tip')
  await i18n.changeLanguage('en')
  expect(inPageLanguage({ ko: '팁' })).toBe('팁')
  expect(inPageLanguage({})).toBeUndefined()
})
