import { expect, test } from 'vitest'
import en from './en'
import ko from './ko'

interface Texts {
  [key: string]: string | Texts
}

/** Every key with the placeholders of its text; the plural forms of English have one Korean form. */
function shape(texts: Texts, prefix = ''): string[] {
  return Object.entries(texts)
    .flatMap(([key, value]) =>
      typeof value === 'string'
        ? `${prefix}${key.replace(/_(one|other)$/, '')} ${[...new Set(value.match(/{{\w+}}/g))].sort().join(' ')}`
        : shape(value, `${prefix}${key}.`),
    )
    .filter((line, index, lines) => lines.indexOf(line) === index)
    .sort()
}

test('both languages say the same things', () => {
  expect(shape(ko)).toEqual(shape(en))
})

test('the Korean texts are Korean', () => {
  const texts = JSON.stringify(ko)
  expect((texts.match(/[가-힣]/g) ?? []).length).toBeGreaterThan(texts.length / 10)
})
