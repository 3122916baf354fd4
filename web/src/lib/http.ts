import type { ClientOptions, Config } from '@/api/client'
import i18n from './i18n'
import { currentToken, refreshSession } from './session'

const WITHOUT_TOKEN = ['/api/auth/google', '/api/auth/dev', '/api/auth/refresh', '/api/auth/options']

/** Sends a request as the signed-in learner, in their language; a session that ended is refreshed once. */
export async function authorizedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  request.headers.set('Accept-Language', i18n.language)
  if (WITHOUT_TOKEN.includes(new URL(request.url).pathname)) return fetch(request)
  const token = await currentToken()
  if (!token) return fetch(request)
  const retry = request.clone()
  request.headers.set('Authorization', `Bearer ${token}`)
  const response = await fetch(request)
  if (response.status !== 401) return response
  // Meanwhile another request may have renewed it.
  if ((await currentToken()) === token && !(await refreshSession())) return response
  const newToken = await currentToken()
  if (!newToken) return response
  retry.headers.set('Authorization', `Bearer ${newToken}`)
  return fetch(retry)
}

/** The configuration of the generated client, which calls this; the client itself is not imported, since it imports us. */
export function createClientConfig<T extends ClientOptions>(config: Config<T>) {
  return { ...config, baseUrl: window.location.origin, fetch: authorizedFetch }
}
