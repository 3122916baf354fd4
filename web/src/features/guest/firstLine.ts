import type { TokenSummary } from '@/api'

const WORDS_MIN = 3
const WORDS_MAX = 8
const WORDS_PER_S_MAX = 3.5
// Digits and signs that are read in more than one way, compound words, and the first part of a longer sentence.
const UNCLEAR = /[\p{N}$£€%&@#*()[\]…–—-]|[,;:]$/u

const wordsOf = (line: TokenSummary) => line.text.trim().split(/\s+/).length
const pace = (line: TokenSummary) => wordsOf(line) / (line.end_time - line.start_time)

/** The line for a first recording: the shortest that is spoken clearly; null without any line that can be heard. */
export function chooseFirstLine(lines: readonly TokenSummary[]): TokenSummary | null {
  const audible = lines.filter((line) => line.has_audio)
  const clear = audible.filter(
    (line) =>
      wordsOf(line) >= WORDS_MIN &&
      wordsOf(line) <= WORDS_MAX &&
      pace(line) <= WORDS_PER_S_MAX &&
      !UNCLEAR.test(line.text),
  )
  const candidates = clear.length > 0 ? clear : audible
  return candidates.toSorted((a, b) => wordsOf(a) - wordsOf(b) || pace(a) - pace(b) || a.id - b.id)[0] ?? null
}
