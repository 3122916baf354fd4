import { useSyncExternalStore } from 'react'
import type { SessionResponse, UserResponse } from '@/api/types.gen'
import { onReconnect, reach } from './connection'
import i18n from './i18n'
import { asProblem } from './problem'

/**
 * The session. The access token is in memory only; the refresh token is an HttpOnly cookie that scripts cannot read.
 * The user in localStorage tells that the cookie may exist, so that visitors do not send a refresh request each time, and
 * who is signed in while the server is unreachable.
 */
export type Session =
  { status: 'restoring' } | { status: 'anonymous'; guest: Guest | null } | { status: 'signed-in'; user: UserResponse }

/** A visitor who has begun to record without an account. The server deletes all of theirs at `until`. */
export interface Guest {
  id: number
  until: string
}

const STORAGE_KEY = 'yousync.signed-in'
const GUEST_KEY = 'yousync.guest'
// Lines and scenes that the service worker keeps for reading without a network; some are for signed-in users only.
const KEPT_PAGES = 'pages'
const REFRESH_MARGIN_MS = 30_000
const RESTORE_RETRY_MS = 10_000
/** The server tells whether a visit has ended; this clock may be ahead. */
const VISIT_RETRY_MS = 60_000
/** Or far behind: a browser fires a timer of more than 24 days at once. */
const VISIT_MAX_MS = 86_400_000

let session: Session = { status: 'restoring' }
let accessToken: string | null = null
let expiresAt = 0
let refreshing: Promise<boolean> | null = null
let beginning: Promise<void> | null = null
let retryTimer: number | undefined
let visitTimer: number | undefined
const listeners = new Set<() => void>()
const signOutListeners = new Set<() => void>()
/** Who has the recordings of a guest now: an account, or nobody; another tab sees to those that this device keeps. */
type Heir = number | null | 'elsewhere'
type VisitEnd = (guestId: number, heir: Heir) => void
const visitEndListeners = new Set<VisitEnd>()

function change(next: Session) {
  session = next
  listeners.forEach((listener) => listener())
}

/** `heir` gets the recordings of this browser's guest if the session is an account's. */
export function openSession(answer: SessionResponse, heir: Heir = 'elsewhere') {
  window.clearTimeout(retryTimer)
  accessToken = answer.access_token
  expiresAt = Date.now() + answer.expires_in * 1000
  if (answer.guest_until) openVisit({ id: answer.user.id, until: answer.guest_until })
  else openAccount(answer.user, heir)
}

function openVisit(guest: Guest) {
  localStorage.setItem(GUEST_KEY, JSON.stringify(guest))
  localStorage.removeItem(STORAGE_KEY)
  change({ status: 'anonymous', guest })
  watchEnd(guest)
}

/** Asks for a new session when the visit is over, so that a tab that stays open does not record for a guest who is deleted. */
function watchEnd({ until }: Guest) {
  window.clearTimeout(visitTimer)
  const ask = () => void refreshSession().catch(() => (visitTimer = window.setTimeout(ask, VISIT_RETRY_MS)))
  const left = Math.max(Date.parse(until) - Date.now(), VISIT_RETRY_MS)
  visitTimer = window.setTimeout(ask, Math.min(left, VISIT_MAX_MS))
}

function openAccount(user: UserResponse, heir: Heir) {
  window.clearTimeout(visitTimer)
  const guest = knownGuest()
  localStorage.setItem(STORAGE_KEY, JSON.stringify(user))
  localStorage.removeItem(GUEST_KEY)
  change({ status: 'signed-in', user })
  if (guest) visitEndListeners.forEach((listener) => listener(guest.id, heir))
}

export function closeSession() {
  const guest = knownGuest()
  localStorage.removeItem(STORAGE_KEY)
  localStorage.removeItem(GUEST_KEY)
  forget()
  if (guest) visitEndListeners.forEach((listener) => listener(guest.id, null))
}

function forget() {
  window.clearTimeout(retryTimer)
  window.clearTimeout(visitTimer)
  accessToken = null
  if ('caches' in window) void caches.delete(KEPT_PAGES)
  change({ status: 'anonymous', guest: null })
  // Later, so that the page shows no query of the learner any more.
  window.setTimeout(() => signOutListeners.forEach((listener) => listener()))
}

/** Calls the listener after each end of a session, whatever ended it. Returns a stop function. */
export function onSignOut(listener: () => void): () => void {
  signOutListeners.add(listener)
  return () => void signOutListeners.delete(listener)
}

/** Calls the listener at the end of a guest's visit. Returns a stop function. */
export function onVisitEnd(listener: VisitEnd): () => void {
  visitEndListeners.add(listener)
  return () => void visitEndListeners.delete(listener)
}

/** The user or guest of this browser as of the last answer; null if unknown. */
function stored<T extends { id: number }>(key: string): T | null {
  try {
    const one = JSON.parse(localStorage.getItem(key) ?? 'null') as T | null
    return typeof one?.id === 'number' ? one : null
  } catch {
    return null
  }
}

const guestOf = (one: Session): Guest | null => (one.status === 'anonymous' ? one.guest : null)
const knownGuest = () => guestOf(session) ?? stored<Guest>(GUEST_KEY)

/**
 * Signs out at once when another tab does; follows when it signs in or begins a visit, then calls `onSignIn`. Returns a
 * stop function.
 */
export function watchOtherTabs(onSignIn: () => void): () => void {
  const follow = ({ key, newValue }: StorageEvent) => {
    if (key !== STORAGE_KEY && key !== GUEST_KEY) return
    const other = key === STORAGE_KEY ? GUEST_KEY : STORAGE_KEY
    if (newValue !== null) {
      if (idOf(session) !== stored(key)?.id) void restoreSession().then(onSignIn)
    } else if (!localStorage.getItem(other)) forget()
  }
  window.addEventListener('storage', follow)
  return () => window.removeEventListener('storage', follow)
}

function idOf(one: Session): number | undefined {
  return one.status === 'signed-in' ? one.user.id : guestOf(one)?.id
}

/** Rotates the refresh cookie; one request at a time, over all tabs. False if the session has ended. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= withSessionLock(rotate).finally(() => {
    refreshing = null
  })
  return refreshing
}

/** Runs what changes the session cookie: one at a time, over all tabs, or a late answer would undo a newer one. */
export async function withSessionLock<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? await navigator.locks.request('yousync.refresh', work) : await work()
}

/** Begins a guest's visit unless there is a session, also one of another tab. Throws the problem that refuses it. */
export function beginVisit(): Promise<void> {
  beginning ??= withSessionLock(async () => {
    if (idOf(session) === undefined) await requestVisit()
  }).finally(() => {
    beginning = null
  })
  return beginning
}

async function requestVisit(isRetry = false): Promise<void> {
  const answer = await reach('/api/auth/guest', { method: 'POST', headers: { 'Accept-Language': i18n.language } })
  const body: unknown = await answer.json()
  if (answer.ok) return openSession(body as SessionResponse)
  if (asProblem(body)?.code === 'refresh_token_spent' && !isRetry) return requestVisit(true)
  throw body
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
  if (![STORAGE_KEY, GUEST_KEY].some((key) => localStorage.getItem(key))) {
    return change({ status: 'anonymous', guest: null })
  }
  try {
    await refreshSession()
  } catch {
    const user = stored<UserResponse>(STORAGE_KEY)
    change(user ? { status: 'signed-in', user } : { status: 'anonymous', guest: stored<Guest>(GUEST_KEY) })
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
  if ((session.status === 'signed-in' || guestOf(session)) && !accessToken) await refreshSession().catch(throwProblem)
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

/** The id of who is signed in or records as a guest; null while that is unknown, and without either. */
export function currentOwnerId(): number | null {
  if (session.status === 'signed-in') return session.user.id
  return session.status === 'anonymous' ? (session.guest?.id ?? null) : null
}

export function useUser(): UserResponse | null {
  const session = useSession()
  return session.status === 'signed-in' ? session.user : null
}

/** The guest of this browser, who has no account; null for learners, and before the first recording. */
export function useGuest(): Guest | null {
  return guestOf(useSession())
}
