import { useSyncExternalStore } from 'react'
import type { SessionResponse, UserResponse } from '@/api/types.gen'

/**
 * The session. The access token is in memory only; the refresh token is an HttpOnly cookie that scripts cannot read.
 * A flag in localStorage tells that the cookie may exist, so that visitors do not send a refresh request each time.
 */
export type Session = { status: 'restoring' } | { status: 'anonymous' } | { status: 'signed-in'; user: UserResponse }

const STORAGE_KEY = 'yousync.signed-in'
const REFRESH_MARGIN_MS = 30_000
const RESTORE_RETRY_MS = 10_000

let session: Session = { status: 'restoring' }
let accessToken: string | null = null
let expiresAt = 0
let refreshing: Promise<boolean> | null = null
let retryTimer: number | undefined
const listeners = new Set<() => void>()

function change(next: Session) {
  session = next
  listeners.forEach((listener) => listener())
}

export function openSession(answer: SessionResponse) {
  window.clearTimeout(retryTimer)
  accessToken = answer.access_token
  expiresAt = Date.now() + answer.expires_in * 1000
  localStorage.setItem(STORAGE_KEY, '1')
  change({ status: 'signed-in', user: answer.user })
}

export function closeSession() {
  window.clearTimeout(retryTimer)
  accessToken = null
  localStorage.removeItem(STORAGE_KEY)
  change({ status: 'anonymous' })
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
  const answer = await fetch('/api/auth/refresh', { method: 'POST' })
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

/** Restores the session after a reload; while the server is unreachable, the visitor is anonymous and it retries. */
export async function restoreSession() {
  window.clearTimeout(retryTimer)
  if (!localStorage.getItem(STORAGE_KEY)) return change({ status: 'anonymous' })
  try {
    await refreshSession()
  } catch {
    change({ status: 'anonymous' })
    retryTimer = window.setTimeout(() => void restoreSession(), RESTORE_RETRY_MS)
  }
}

/** The access token, refreshed shortly before it expires; null for visitors. */
export async function currentToken(): Promise<string | null> {
  if (accessToken && Date.now() > expiresAt - REFRESH_MARGIN_MS) {
    await refreshSession().catch(() => false)
  }
  return accessToken
}

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => session,
  )
}

export function useUser(): UserResponse | null {
  const session = useSession()
  return session.status === 'signed-in' ? session.user : null
}
