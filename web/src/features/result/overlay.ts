import type { Pair, ParsedContours, Word } from './parseFeedback'
import { timeMappings } from './timeMapping'

/** The values of both takes at one moment of my time `t`, s. */
export interface Sample {
  t: number
  mine: number | null
  actor: number | null
  mineDb: number | null
  actorDb: number | null
}

const MARGIN_S = 0.15
/** Quieter levels are no voice; they are drawn at this level. */
const MIN_DB = -30

export interface Span {
  from: number
  to: number
}

/** The span of a word on my time axis, s; that of an omitted word is mapped from the actor's. */
export function wordSpan(word: Word, toMine: (s: number) => number): Span | null {
  if (word.start_s !== null && word.end_s !== null) return { from: word.start_s, to: word.end_s }
  if (word.ref_start_s !== null && word.ref_end_s !== null)
    return { from: toMine(word.ref_start_s), to: toMine(word.ref_end_s) }
  return null
}

/** Pairs of word ends. `timePairs` has only starts; the ends keep pauses and omitted words between the words I said. */
function wordEnds(words: readonly Word[]): Pair[] {
  return words.flatMap(({ end_s, ref_end_s }): Pair[] =>
    end_s === null || ref_end_s === null ? [] : [[end_s, ref_end_s]],
  )
}

function timeRange(contours: ParsedContours, spans: readonly (Span | null)[]): Span {
  const known = spans.filter((span) => span !== null)
  const length = contours.user_st.length * contours.hop_s
  if (known.length === 0) return { from: 0, to: length }
  return {
    from: Math.min(...known.map((span) => span.from)) - MARGIN_S,
    to: Math.max(...known.map((span) => span.to)) + MARGIN_S,
  }
}

export interface Overlay {
  samples: Sample[]
  /** The span of each word. */
  spans: (Span | null)[]
  range: Span
  toMine: (actorSeconds: number) => number
}

/** Pitch and loudness of both takes in equal steps of my time; the actor's are aligned with mine word by word. */
export function overlay(contours: ParsedContours, words: readonly Word[]): Overlay {
  const { toMine, toActor } = timeMappings([...contours.timePairs, ...wordEnds(words)])
  const spans = words.map((word) => wordSpan(word, toMine))
  const range = timeRange(contours, spans)
  const hop = contours.hop_s
  const at = (values: readonly (number | null)[] | null, seconds: number) => values?.[Math.round(seconds / hop)] ?? null
  const clampDb = (value: number | null) => (value === null ? null : Math.max(value, MIN_DB))
  const samples: Sample[] = []
  for (let step = Math.ceil(range.from / hop); step * hop <= range.to; step++) {
    const t = step * hop
    const actorTime = toActor(t)
    samples.push({
      t,
      mine: at(contours.user_st, t),
      actor: at(contours.reference_st, actorTime),
      mineDb: clampDb(at(contours.user_energy_db, t)),
      actorDb: clampDb(at(contours.reference_energy_db, actorTime)),
    })
  }
  return { samples, spans, range, toMine }
}

/** The mean loudness of a word, dB, for the table. */
export function meanDb(samples: readonly Sample[], span: Span | null, key: 'mineDb' | 'actorDb'): number | null {
  if (!span) return null
  const values = samples
    .filter(({ t }) => t >= span.from && t <= span.to)
    .map((moment) => moment[key])
    .filter((value) => value !== null)
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null
}
