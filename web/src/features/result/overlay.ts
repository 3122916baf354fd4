import type { Pair, Tracks, Word } from './parseFeedback'
import { timeMaps } from './timeMapping'

/** One moment of both takes, in my time. */
export interface Moment {
  t: number
  mine: number | null
  actor: number | null
  mineDb: number | null
  actorDb: number | null
}

const MARGIN_S = 0.15
/** Below this nothing is heard that belongs to the voice. */
const SILENT_DB = -30

export interface Span {
  from: number
  to: number
}

/** Where a word stands on my time axis; a word I left out stands where the actor says it. */
export function wordSpan(word: Word, toMine: (s: number) => number): Span | null {
  if (word.start_s !== null && word.end_s !== null) return { from: word.start_s, to: word.end_s }
  if (word.ref_start_s !== null && word.ref_end_s !== null)
    return { from: toMine(word.ref_start_s), to: toMine(word.ref_end_s) }
  return null
}

/** `warp` tells where words begin. Where they end keeps pauses and words I left out between those I said. */
function endings(words: readonly Word[]): Pair[] {
  return words.flatMap(({ end_s, ref_end_s }): Pair[] =>
    end_s === null || ref_end_s === null ? [] : [[end_s, ref_end_s]],
  )
}

function extent(tracks: Tracks, spans: readonly (Span | null)[]): Span {
  const known = spans.filter((span) => span !== null)
  const length = tracks.user_st.length * tracks.hop_s
  if (known.length === 0) return { from: 0, to: length }
  return {
    from: Math.min(...known.map((span) => span.from)) - MARGIN_S,
    to: Math.max(...known.map((span) => span.to)) + MARGIN_S,
  }
}

export interface Overlay {
  moments: Moment[]
  /** Where each word stands. */
  spans: (Span | null)[]
  range: Span
  toMine: (actorSeconds: number) => number
}

/** Both melodies and loudnesses at equal steps of my time; the actor's are laid over mine word by word. */
export function overlay(tracks: Tracks, words: readonly Word[]): Overlay {
  const { toMine, toActor } = timeMaps([...tracks.warp, ...endings(words)])
  const spans = words.map((word) => wordSpan(word, toMine))
  const range = extent(tracks, spans)
  const hop = tracks.hop_s
  const at = (values: readonly (number | null)[] | null, seconds: number) => values?.[Math.round(seconds / hop)] ?? null
  const loud = (value: number | null) => (value === null ? null : Math.max(value, SILENT_DB))
  const moments: Moment[] = []
  for (let step = Math.ceil(range.from / hop); step * hop <= range.to; step++) {
    const t = step * hop
    const theirs = toActor(t)
    moments.push({
      t,
      mine: at(tracks.user_st, t),
      actor: at(tracks.reference_st, theirs),
      mineDb: loud(at(tracks.user_energy_db, t)),
      actorDb: loud(at(tracks.reference_energy_db, theirs)),
    })
  }
  return { moments, spans, range, toMine }
}

/** The mean loudness of a word, for those who do not see the curves. */
export function meanDb(moments: readonly Moment[], span: Span | null, key: 'mineDb' | 'actorDb'): number | null {
  if (!span) return null
  const values = moments
    .filter(({ t }) => t >= span.from && t <= span.to)
    .map((moment) => moment[key])
    .filter((value) => value !== null)
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null
}
