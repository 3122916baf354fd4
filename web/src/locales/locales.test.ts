import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DEFAULT_LANGUAGE, LANGUAGE_CODES, LANGUAGES, REFERENCE_LANGUAGE } from './languages'

interface Texts {
  [key: string]: string | Texts
}

/** Every key with the placeholders of its text; plural forms count once, since languages have different ones. */
function shape(texts: Texts, prefix = ''): string[] {
  return Object.entries(texts)
    .flatMap(([key, value]) =>
      typeof value === 'string'
        ? `${prefix}${key.replace(/_(zero|one|two|few|many|other)$/, '')} ${[...new Set(value.match(/{{\w+}}/g))].sort().join(' ')}`
        : shape(value, `${prefix}${key}.`),
    )
    .filter((line, index, lines) => lines.indexOf(line) === index)
    .sort()
}

test('the list of languages names the folders', () => {
  const folders = Object.keys(import.meta.glob('./*/index.ts')).map((path) => path.split('/')[1])
  expect(folders.sort()).toEqual([...LANGUAGE_CODES].sort())
})

test('the document starts in the default language', () => {
  expect(readFileSync('index.html', 'utf8')).toContain(`<html lang="${DEFAULT_LANGUAGE}">`)
})

test.each(LANGUAGE_CODES)('%s has every text with its placeholders', (language) => {
  expect(shape(LANGUAGES[language].texts)).toEqual(shape(LANGUAGES[REFERENCE_LANGUAGE].texts))
})

test.each(Object.entries(import.meta.glob<Texts>('./*/{curator,requests}.json', { eager: true, import: 'default' })))(
  'the texts of %s, loaded with their page, are those of the reference language',
  (path, texts) => {
    const reference = readFileSync(`src/locales/${REFERENCE_LANGUAGE}/${path.split('/')[2]}`, 'utf8')
    expect(shape(texts)).toEqual(shape(JSON.parse(reference) as Texts))
  },
)

test('the Korean texts are Korean', () => {
  const texts = JSON.stringify(LANGUAGES.ko.texts)
  expect((texts.match(/[가-힣]/g) ?? []).length).toBeGreaterThan(texts.length / 10)
})
