import { client } from '@/api/client.gen'
import { reach } from './connection'
import i18n from './i18n'
import { currentOwnerId, currentToken, refreshSession } from './session'

const WITHOUT_TOKEN = ['/api/auth/google', '/api/auth/dev', '/api/auth/refresh', '/api/auth/options']

/** Sends a request with the access token and the page's language; after a 401 refreshes the session once and retries. */
export async function authorizedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  request.headers.set('Accept-Language', i18n.language)
  if (WITHOUT_TOKEN.includes(new URL(request.url).pathname)) return reach(request)
  const token = await currentToken()
  if (!token) return reach(request)
  const owner = currentOwnerId()
  const retry = request.clone()
  request.headers.set('Authorization', `Bearer ${token}`)
  const response = await reach(request)
  if (response.status !== 401) return response
  // Another request may have refreshed it in the meantime.
  if ((await currentToken()) === token && !(await refreshSession())) return response
  const newToken = await currentToken()
  // Not for somebody who has signed in meanwhile: a guest's recording would become theirs.
  if (!newToken || (owner !== null && owner !== currentOwnerId())) return response
  retry.headers.set('Authorization', `Bearer ${newToken}`)
  return reach(retry)
}

/** Lets the generated client of the page send its requests to the page's own server, with the session. */
export function configureClient() {
  client.setConfig({ baseUrl: window.location.origin, fetch: authorizedFetch })
}
