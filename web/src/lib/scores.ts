import type { AverageScores } from '@/api'
import type { SubScores } from '@/api/feedback'

/**
 * The scores of a result beside the overall score, in the order of the page. The names of all scores stand in
 * scores.json of each folder in locales.
 */
export const PART_SCORES = ['pronunciation', 'intonation', 'emotion'] as const satisfies (keyof AverageScores)[]
export const SCORES = ['overall', ...PART_SCORES] as const

/** The scores that only the feedback contains. */
export const SUB_SCORES = [
  'completeness',
  'rhythm',
  'timing',
  'pitch_direction',
  'stress',
  'fluency',
] as const satisfies (keyof SubScores)[]

export type Grade = 'good' | 'fair' | 'poor'

/** Grades a score; the same names and ranges as the analysis (`status` of a word). */
export function gradeOf(score: number | null | undefined): Grade | null {
  if (score === null || score === undefined) return null
  return score >= 80 ? 'good' : score >= 60 ? 'fair' : 'poor'
}
