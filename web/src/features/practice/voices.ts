import type { Span } from '@/features/audio/loopClip'
import { parseFeedback, type Pair } from '@/features/result/parseFeedback'
import { timeMappings } from '@/features/result/timeMapping'

export type Voice = 'actor' | 'mine'

/** Converts between the actor's time, in which loops are kept, and that of a voice. */
export interface VoiceTimes {
  /** The actor's second → the second of the voice. */
  timeIn: (voice: Voice, actorSeconds: number) => number
  /** The second of the voice → the actor's second. */
  timeFrom: (voice: Voice, seconds: number) => number
  spanIn: (voice: Voice, span: Span) => Span
  spanFrom: (voice: Voice, span: Span) => Span
}

/** The times of both voices, from the words of the take's result; without one both run alike. */
export function voiceTimes(detailedFeedback: unknown): VoiceTimes {
  const { words, contours } = parseFeedback(detailedFeedback)
  const edges = words.flatMap(({ start_s, end_s, ref_start_s, ref_end_s }): Pair[] => {
    if (start_s === null || end_s === null || ref_start_s === null || ref_end_s === null) return []
    return [
      [start_s, ref_start_s],
      [end_s, ref_end_s],
    ]
  })
  const { toMine, toActor } = timeMappings(edges.length > 0 ? edges : (contours?.timePairs ?? []))
  const timeIn = (voice: Voice, seconds: number) => (voice === 'mine' ? Math.max(0, toMine(seconds)) : seconds)
  const timeFrom = (voice: Voice, seconds: number) => (voice === 'mine' ? Math.max(0, toActor(seconds)) : seconds)
  return {
    timeIn,
    timeFrom,
    spanIn: (voice, { from, to }) => ({ from: timeIn(voice, from), to: timeIn(voice, to) }),
    spanFrom: (voice, { from, to }) => ({ from: timeFrom(voice, from), to: timeFrom(voice, to) }),
  }
}
