import type { DetailedFeedback, WordResult } from '@/api/feedback'
import type { AnalysisResultResponse } from '@/api'

/** A piece of the line, with the second at which the actor says it, if known. */
export interface Piece {
  text: string
  from: number | null
}

export function wordsOf(result: AnalysisResultResponse | undefined): WordResult[] {
  const feedback = result?.detailed_feedback as unknown as DetailedFeedback | null | undefined
  return feedback?.words ?? []
}

/** Splits the line into timed words (with their punctuation) and the text between them; joined, they are the line. */
export function piecesOf(line: string, words: readonly WordResult[]): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const word of words) {
    const start = line.indexOf(word.text, end)
    if (start < 0 || word.ref_start_s === null) continue
    if (start > end) pieces.push({ text: line.slice(end, start), from: null })
    const punctuation = /^[^\s\p{L}\p{N}]*/u.exec(line.slice(start + word.text.length))?.[0] ?? ''
    const text = word.text + punctuation
    pieces.push({ text, from: word.ref_start_s })
    end = start + text.length
  }
  if (end < line.length) pieces.push({ text: line.slice(end), from: null })
  return pieces
}

/** The index of the piece spoken at this time, or -1. */
export function pieceAt(pieces: readonly Piece[], seconds: number): number {
  return pieces.findLastIndex((piece) => piece.from !== null && piece.from <= seconds)
}
