export type Grade = 'good' | 'fair' | 'poor'

/** The words of the analysis for the same ranges (`status` of a word). */
export function gradeOf(score: number | null | undefined): Grade | null {
  if (score === null || score === undefined) return null
  return score >= 80 ? 'good' : score >= 60 ? 'fair' : 'poor'
}
