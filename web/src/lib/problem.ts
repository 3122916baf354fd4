import type { Problem } from '@/api'
import { isOffline } from './connection'
import i18n from './i18n'

/** The error as a problem of the API (`{code, detail, …}`, RFC 9457), or null. */
export function asProblem(error: unknown): Problem | null {
  return typeof error === 'object' && error !== null && 'code' in error && 'detail' in error ? (error as Problem) : null
}

/** A message for the learner: the API's detail, or that the server is unreachable. */
export function explain(error: unknown): string {
  const problem = asProblem(error)
  if (problem) return problem.detail
  return i18n.t(isOffline() ? 'errors.offline' : 'errors.unreachable')
}

/** True if a retry may succeed: no network, or a server that is busy or down. */
export function isTransient(error: unknown): boolean {
  const problem = asProblem(error)
  return problem === null || problem.status === 429 || problem.status >= 500
}
