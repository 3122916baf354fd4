import type { AverageScores } from '@/api'
import type { AttemptClass, SubScores } from '@/api/feedback'

/**
 * The scores of a result beside the overall score, in the order of the page. The names of all scores stand in
 * scores.json of each folder in locales.
 */
export const PART_SCORES = ['pronunciation', 'intonation', 'emotion'] as const satisfies (keyof AverageScores)[]
export const SCORES = ['overall', ...PART_SCORES] as const

/** The scores that stand beside PART_SCORES although only the feedback contains them. */
export const FEEDBACK_SCORES = ['fluency', 'completeness'] as const satisfies (keyof SubScores)[]

/** The scores of the closer look, all from the feedback. */
export const SUB_SCORES = [
  'rhythm',
  'timing',
  'pitch_direction',
  'stress',
  'prosody',
  'fluency',
] as const satisfies (keyof SubScores)[]

export type Grade = 'good' | 'fair' | 'poor'

/** A grade, or the reason why there is none; each has one text, under `grade` in common.json, and one colour. */
export type Verdict = Grade | 'omitted' | 'partial' | 'unmeasured'

export const VERDICT_TEXT: Record<Verdict, string> = {
  good: 'text-good',
  fair: 'text-fair',
  poor: 'text-poor',
  omitted: 'text-poor',
  partial: 'text-muted',
  unmeasured: 'text-muted',
}

/** Grades a score that has no status; the same names and ranges as the analysis (`status` of a word). */
export function gradeOf(score: number | null | undefined): Grade | null {
  if (score === null || score === undefined) return null
  return score >= 80 ? 'good' : score >= 60 ? 'fair' : 'poor'
}

/** The verdict on a score of a result. Where a part of the line is missing, no score is "good". */
export function verdictOf(score: number | null | undefined, attemptClass: AttemptClass | null): Verdict {
  const grade = gradeOf(score)
  return grade === 'good' && attemptClass === 'incomplete' ? 'partial' : (grade ?? 'unmeasured')
}
