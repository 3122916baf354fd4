import { useSyncExternalStore } from 'react'
import type { SessionResponse, UserResponse } from '@/api/types.gen'
import { onReconnect, reach } from './connection'
import { asProblem } from './problem'

/**
 * The session. The access token is in memory only; the refresh token is an HttpOnly cookie that scripts cannot read.
 * The user in localStorage tells that the cookie may exist, so that visitors do not send a refresh request each time, and
 * who is signed in while the server is unreachable.
 */
export type Session = { status: 'restoring' } | { status: 'anonymous' } | { status: 'signed-in'; user: UserResponse }

const STORAGE_KEY = 'yousync.signed-in'
// Lines and scenes that the service worker keeps for reading without a network; some are for signed-in users only.
const KEPT_PAGES = 'pages'
const REFRESH_MARGIN_MS = 30_000
const RESTORE_RETRY_MS = 10_000

let session: Session = { status: 'restoring' }
let accessToken: string | null = null
let expiresAt = 0
let refreshing: Promise<boolean> | null = null
let retryTimer: number | undefined
const listeners = new Set<() => void>()
const signOutListeners = new Set<() => void>()

function change(next: Session) {
  session = next
  listeners.forEach((listener) => listener())
}

export function openSession(answer: SessionResponse) {
  window.clearTimeout(retryTimer)
  accessToken = answer.access_token
  expiresAt = Date.now() + answer.expires_in * 1000
  localStorage.setItem(STORAGE_KEY, JSON.stringify(answer.user))
  change({ status: 'signed-in', user: answer.user })
}

export function closeSession() {
  localStorage.removeItem(STORAGE_KEY)
  forget()
}

function forget() {
  window.clearTimeout(retryTimer)
  accessToken = null
  if ('caches' in window) void caches.delete(KEPT_PAGES)
  change({ status: 'anonymous' })
  // Later, so that the page shows no query of the learner any more.
  window.setTimeout(() => signOutListeners.forEach((listener) => listener()))
}

/** Calls the listener after each end of a session, whatever ended it. Returns a stop function. */
export function onSignOut(listener: () => void): () => void {
  signOutListeners.add(listener)
  return () => void signOutListeners.delete(listener)
}

/** The user of this browser as of the last answer; null if unknown. */
function storedUser(): UserResponse | null {
  try {
    const user = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null') as UserResponse | null
    return typeof user?.id === 'number' ? user : null
  } catch {
    return null
  }
}

/** Signs out at once when another tab does; follows when it signs in, then calls `onSignIn`. Returns a stop function. */
export function watchOtherTabs(onSignIn: () => void): () => void {
  const follow = ({ key, newValue }: StorageEvent) => {
    if (key !== STORAGE_KEY) return
    if (newValue === null) forget()
    else if (session.status !== 'signed-in' || storedUser()?.id !== session.user.id) {
      void restoreSession().then(onSignIn)
    }
  }
  window.addEventListener('storage', follow)
  return () => window.removeEventListener('storage', follow)
}

/** Rotates the refresh cookie; one request at a time, over all tabs. False if the session has ended. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= withTabLock(rotate).finally(() => {
    refreshing = null
  })
  return refreshing
}

async function withTabLock(work: () => Promise<boolean>): Promise<boolean> {
  return 'locks' in navigator ? await navigator.locks.request('yousync.refresh', work) : await work()
}

async function rotate(isRetry = false): Promise<boolean> {
  const answer = await reach('/api/auth/refresh', { method: 'POST' })
  if (answer.ok) {
    openSession((await answer.json()) as SessionResponse)
    return true
  }
  if (answer.status !== 401) throw await answer.json()
  const { code } = (await answer.json()) as { code: string }
  if (code === 'refresh_token_spent' && !isRetry) return rotate(true)
  closeSession()
  return false
}

/**
 * Restores the session after a reload. While the server is unreachable, the user of the last visit stays signed in, and
 * it tries again; requests then fail as without a network.
 */
export async function restoreSession() {
  window.clearTimeout(retryTimer)
  if (!localStorage.getItem(STORAGE_KEY)) return change({ status: 'anonymous' })
  try {
    await refreshSession()
  } catch {
    const user = storedUser()
    change(user ? { status: 'signed-in', user } : { status: 'anonymous' })
    retryTimer = window.setTimeout(() => void restoreSession(), RESTORE_RETRY_MS)
  }
}

onReconnect(() => {
  if (!accessToken) void restoreSession()
})

/**
 * The access token, refreshed shortly before it expires; null for visitors, and without a network, where the service
 * worker may answer. Throws the problem of a server that cannot restore the session of a signed-in user.
 */
export async function currentToken(): Promise<string | null> {
  if (session.status === 'signed-in' && !accessToken) await refreshSession().catch(throwProblem)
  else if (accessToken && Date.now() > expiresAt - REFRESH_MARGIN_MS) {
    await refreshSession().catch(() => false)
  }
  return accessToken
}

function throwProblem(error: unknown) {
  if (asProblem(error)) throw error
}

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => session,
    () => session,
  )
}

export function useUser(): UserResponse | null {
  const session = useSession()
  return session.status === 'signed-in' ? session.user : null
}
