export type Grade = 'good' | 'fair' | 'poor'

/** Grades a score; the same names and ranges as the analysis (`status` of a word). */
export function gradeOf(score: number | null | undefined): Grade | null {
  if (score === null || score === undefined) return null
  return score >= 80 ? 'good' : score >= 60 ? 'fair' : 'poor'
}
