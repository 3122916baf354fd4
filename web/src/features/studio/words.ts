import type { DetailedFeedback, WordResult } from '@/api/feedback'
import type { AnalysisResultResponse } from '@/api'
import type { TimedWord } from '@/features/practice/spans'

/** A piece of the line, with the seconds at which the actor begins and ends it, if known. */
export interface Piece {
  text: string
  /** The place of the word in the results of the line; null for what is no timed word. */
  place: number | null
  from: number | null
  to: number | null
}

export function wordsOf(result: AnalysisResultResponse | undefined): WordResult[] {
  const feedback = result?.detailed_feedback as unknown as DetailedFeedback | null | undefined
  return feedback?.words ?? []
}

/** Splits the line into timed words (with their punctuation) and the text between them; joined, they are the line. */
export function piecesOf(line: string, words: readonly WordResult[]): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const [place, word] of words.entries()) {
    const start = line.indexOf(word.text, end)
    if (start < 0 || word.ref_start_s === null) continue
    if (start > end) pieces.push({ text: line.slice(end, start), place: null, from: null, to: null })
    const punctuation = /^[^\s\p{L}\p{N}]*/u.exec(line.slice(start + word.text.length))?.[0] ?? ''
    const text = word.text + punctuation
    pieces.push({ text, place, from: word.ref_start_s, to: word.ref_end_s ?? null })
    end = start + text.length
  }
  if (end < line.length) pieces.push({ text: line.slice(end), place: null, from: null, to: null })
  return pieces
}

/** The index of the piece spoken at this time, or -1. */
export function pieceAt(pieces: readonly Piece[], seconds: number): number {
  return pieces.findLastIndex((piece) => piece.from !== null && piece.from <= seconds)
}

/** The timed words of the line, in the actor's time. */
export function timedWordsOf(pieces: readonly Piece[]): TimedWord[] {
  return pieces.flatMap(({ text, place, from, to }) =>
    place === null || from === null || to === null || to <= from ? [] : [{ text, place, from, to }],
  )
}
