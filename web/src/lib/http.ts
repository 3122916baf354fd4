import type { ClientOptions, Config } from '@/api/client'
import i18n from './i18n'
import { currentToken, refreshSession } from './session'

const OPEN = ['/api/auth/google', '/api/auth/dev', '/api/auth/refresh', '/api/auth/options']

/** Sends a request as the signed-in learner, in their language; a session that ended is refreshed once. */
export async function authorizedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  request.headers.set('Accept-Language', i18n.language)
  if (OPEN.includes(new URL(request.url).pathname)) return fetch(request)
  const token = await currentToken()
  if (!token) return fetch(request)
  const again = request.clone()
  request.headers.set('Authorization', `Bearer ${token}`)
  const answer = await fetch(request)
  if (answer.status !== 401) return answer
  // Meanwhile another request may have renewed it.
  if ((await currentToken()) === token && !(await refreshSession())) return answer
  const renewed = await currentToken()
  if (!renewed) return answer
  again.headers.set('Authorization', `Bearer ${renewed}`)
  return fetch(again)
}

/** The configuration of the generated client, which calls this; the client itself is not imported, since it imports us. */
export function createClientConfig<T extends ClientOptions>(config: Config<T>) {
  return { ...config, baseUrl: window.location.origin, fetch: authorizedFetch }
}
