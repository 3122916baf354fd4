import { describe, expect, test } from 'vitest'
import { markDictation, wordsIn } from './markDictation'

const LINE = "You're forty minutes late, Leo. The coffee is freezing."

/** `+right -missing ~wrong(typed) *extra`, to read at a glance. */
function brief(line: string, typed: string, language = 'en-US') {
  const show = { right: '+', missing: '-', wrong: '~', extra: '*' }
  return markDictation(line, typed, language)
    .map(({ kind, expected, typed: given }) => {
      return show[kind] + (kind === 'wrong' ? `${expected}(${given})` : (expected ?? given))
    })
    .join(' ')
}

const isAllRight = (line: string, typed: string, language = 'en-US') =>
  markDictation(line, typed, language).every(({ kind }) => kind === 'right')

describe('what does not count', () => {
  test.each([
    [LINE, 'youre forty minutes late leo the coffee is freezing'],
    [LINE, 'YOU’RE FORTY MINUTES LATE — LEO!! The “coffee” is freezing…'],
    ["Rock 'n' roll at five o'clock.", 'rock n roll at five o’clock'],
    ['A well-known café, Mr. Léo?', 'a well known cafe mr leo'],
    ['Don`t stop', 'don´t  stop\n'],
    ['ｆｕｌｌ width', 'full width'],
    ['e.g. this', 'eg this'],
  ])('%s = %s', (line, typed) => expect(isAllRight(line, typed)).toBe(true))

  test('composed and decomposed Hangul are equal, other syllables are not', () => {
    expect(isAllRight('좋아, 늦어도 돼.', '좋아 늦어도 돼'.normalize('NFD'), 'ko-KR')).toBe(true)
    expect(brief('좋아.', '조아', 'ko-KR')).toBe('~좋아(조아)')
  })
})

describe('what counts', () => {
  test('a missing word shifts no other word', () => {
    expect(brief(LINE, "you're forty minutes late the coffee is freezing")).toBe(
      "+You're +forty +minutes +late -Leo +The +coffee +is +freezing",
    )
  })

  test('an added word is extra, a repeated one too', () => {
    expect(brief('Be late.', 'be very late')).toBe('+Be *very +late')
    expect(brief('Be late.', 'be be late')).toMatch(/^(\*be \+Be|\+Be \*be) \+late$/)
  })

  test('a misheard word stands beside the word that it resembles', () => {
    expect(brief(LINE, 'your fourteen minutes late Leo the copy is free sing')).toBe(
      "~You're(your) ~forty(fourteen) +minutes +late +Leo +The ~coffee(copy) +is ~freezing(free) *sing",
    )
    expect(brief('the cat sat', 'cats sat')).toBe('-the ~cat(cats) +sat')
  })

  test('an empty or entirely different text', () => {
    expect(brief('Be late.', ' … ')).toBe('-Be -late')
    expect(brief('Fine.', 'xyz')).toBe('~Fine(xyz)')
    expect(markDictation('', '', 'en')).toEqual([])
    expect(brief('', 'hello')).toBe('*hello')
  })
})

test('every word of the line and of what was typed stands in exactly one mark, in order', () => {
  const typed = 'the minutes late late coffee Leo freezing cold is'
  const marks = markDictation(LINE, typed, 'en-US')
  const column = (key: 'expected' | 'typed') => marks.flatMap((mark) => mark[key] ?? [])
  expect(column('expected')).toEqual(wordsIn(LINE, 'en-US'))
  expect(column('typed')).toEqual(wordsIn(typed, 'en-US'))
})

test('languages without spaces are divided into words', () => {
  expect(wordsIn('コーヒーが冷めた。', 'ja-JP').length).toBeGreaterThan(1)
  expect(isAllRight('コーヒーが冷めた。', 'コーヒーが 冷めた', 'ja-JP')).toBe(true)
})
