import type { RecordedWords } from '@/api'
import { type Sound, type Span, durationOf } from '@/features/audio/loopClip'

/** A word of the line in the actor's time, with the punctuation after it. */
export interface TimedWord extends Span {
  text: string
  /** Its place in the results of the line. */
  place: number
}

/** The places of the first and the last word whose middle lies in a span; null where there is none. */
export function wordsWithin(words: readonly TimedWord[], { from, to }: Span): RecordedWords | null {
  const within = words.filter((word) => (word.from + word.to) / 2 >= from && (word.from + word.to) / 2 <= to)
  const [first, last] = [within.at(0), within.at(-1)]
  return first && last ? { first: first.place, last: last.place } : null
}

/** The text of these words, with the punctuation between them. */
export function textOf(words: readonly TimedWord[], { first, last }: RecordedWords): string {
  return words
    .filter(({ place }) => place >= first && place <= last)
    .map(({ text }) => text)
    .join(' ')
}

/** What a loop repeats; `own` is a part chosen by hand. */
export const UNITS = ['word', 'phrase', 'line'] as const
export type Unit = (typeof UNITS)[number]

/** A pause this long divides phrases. */
const PHRASE_GAP_S = 0.25
const ENDS_WITH_PUNCTUATION = /[.,;:!?…—–。、，！？]["'”’)\]]*\s*$/u

/** Phrases of timed words: they end at punctuation and at pauses. */
export function phrasesOfWords(words: readonly TimedWord[]): Span[] {
  const phrases: Span[] = []
  let before: TimedWord | null = null
  for (const word of words) {
    const current = phrases.at(-1)
    const isNew = !before || ENDS_WITH_PUNCTUATION.test(before.text) || word.from - before.to >= PHRASE_GAP_S
    if (!current || isNew) phrases.push({ from: word.from, to: word.to })
    else current.to = word.to
    before = word
  }
  return phrases
}

const FRAME_S = 0.02
/** Frames this far below the loudest one are a pause. */
const SILENCE_DB = -35
/** Kept before and after a phrase, whose first and last sounds may be as quiet as a pause. */
const MARGIN_S = 0.06

/** Phrases of a sound whose words are not timed yet: the parts between its pauses. */
export function phrasesOfSound(sound: Sound): Span[] {
  const levels = frameLevels(sound)
  const limit = Math.max(...levels, 0) * 10 ** (SILENCE_DB / 20)
  const phrases: Span[] = []
  levels.forEach((level, frame) => {
    if (level <= limit) return
    const current = phrases.at(-1)
    const from = frame * FRAME_S
    if (current && from - current.to < PHRASE_GAP_S) current.to = from + FRAME_S
    else phrases.push({ from, to: from + FRAME_S })
  })
  const end = durationOf(sound)
  return phrases.map(({ from, to }) => ({ from: Math.max(0, from - MARGIN_S), to: Math.min(end, to + MARGIN_S) }))
}

/** The root mean square of each frame. */
function frameLevels({ samples, sampleRate }: Sound): number[] {
  const length = Math.round(FRAME_S * sampleRate)
  return Array.from({ length: Math.ceil(samples.length / length) }, (_, frame) => {
    const part = samples.subarray(frame * length, (frame + 1) * length)
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length)
  })
}

/** The index of the span that holds this moment, or of the nearest one; -1 without spans. */
export function spanAt(spans: readonly Span[], seconds: number): number {
  const distances = spans.map(({ from, to }) => Math.max(from - seconds, seconds - to, 0))
  const holding = distances.findLastIndex((distance, index) => distance === 0 && seconds < (spans[index]?.to ?? 0))
  return holding >= 0 ? holding : distances.indexOf(Math.min(...distances))
}

/** The span `step` places after the one that is looped; at the ends it stays. */
export function spanBeside(spans: readonly Span[], current: Span, step: number): Span | undefined {
  const index = spanAt(spans, (current.from + current.to) / 2)
  return spans[Math.min(Math.max(index + step, 0), spans.length - 1)]
}
