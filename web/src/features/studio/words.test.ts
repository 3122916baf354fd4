import { expect, test } from 'vitest'
import type { WordResult } from '@/api/feedback'
import { pieceAt, piecesOf } from './words'

const word = (text: string, ref_start_s: number | null) => ({ text, ref_start_s }) as WordResult

test('splits the line into timed words without losing text', () => {
  const line = "“You're late,” she said – again."
  const pieces = piecesOf(line, [
    word("You're", 0.2),
    word('late', 0.6),
    word('she', 1),
    word('said', null),
    word('again', 1.9),
  ])
  expect(pieces.map(({ text }) => text).join('')).toBe(line)
  expect(pieces.filter(({ from }) => from !== null).map(({ text }) => text)).toEqual([
    "You're",
    'late,”',
    'she',
    'again.',
  ])
})

test('without times the line is plain text', () => {
  expect(piecesOf('Fine.', [])).toEqual([{ text: 'Fine.', place: null, from: null, to: null }])
})

test('finds the word spoken at a time', () => {
  const pieces = piecesOf('a b', [word('a', 0.5), word('b', 1)])
  expect(pieceAt(pieces, 0.1)).toBe(-1)
  expect(pieces[pieceAt(pieces, 1.2)]?.text).toBe('b')
})
