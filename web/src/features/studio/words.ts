import type { DetailedFeedback, WordResult } from '@/api/feedback'
import type { AnalysisResultResponse } from '@/api'

/** A piece of the line; with the time at which the actor says it where the analysis found that out. */
export interface Piece {
  text: string
  from: number | null
  to: number | null
}

export function wordsOf(result: AnalysisResultResponse | undefined): WordResult[] {
  const feedback = result?.detailed_feedback as unknown as DetailedFeedback | null | undefined
  return feedback?.words ?? []
}

/** The line cut into its timed words and what stands between them, so that nothing of its text is lost. */
export function piecesOf(line: string, words: readonly WordResult[]): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const word of words) {
    const start = line.indexOf(word.text, end)
    if (start < 0 || word.ref_start_s === null) continue
    if (start > end) pieces.push({ text: line.slice(end, start), from: null, to: null })
    pieces.push({ text: word.text, from: word.ref_start_s, to: word.ref_end_s })
    end = start + word.text.length
  }
  if (end < line.length) pieces.push({ text: line.slice(end), from: null, to: null })
  return pieces
}

/** The index of the piece being said, or -1. */
export function pieceAt(pieces: readonly Piece[], seconds: number): number {
  return pieces.findLastIndex((piece) => piece.from !== null && piece.from <= seconds)
}
