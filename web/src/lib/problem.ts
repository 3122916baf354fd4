import type { Problem } from '@/api'
import i18n from './i18n'

/** The API's error if it is one: `{code, detail, …}`, RFC 9457. */
export function asProblem(error: unknown): Problem | null {
  return typeof error === 'object' && error !== null && 'code' in error && 'detail' in error ? (error as Problem) : null
}

/** What went wrong in words for the learner, whoever failed. */
export function explain(error: unknown): string {
  const problem = asProblem(error)
  if (problem) return problem.detail
  return i18n.t(navigator.onLine ? 'errors.unreachable' : 'errors.offline')
}

/** Whether it is worth trying the same again later: no network, or a server that is busy or down. */
export function isTransient(error: unknown): boolean {
  const problem = asProblem(error)
  return problem === null || problem.status === 429 || problem.status >= 500
}
