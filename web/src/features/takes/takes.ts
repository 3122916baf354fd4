import { createStore, del, delMany, entries, set } from 'idb-keyval'
import { useSyncExternalStore } from 'react'
import type { RecordedWords } from '@/api'
import { onReconnect } from '@/lib/connection'
import { asProblem } from '@/lib/problem'
import { rememberJob } from './runningJobs'
import { upload } from './upload'

/** A recording to upload. It is stored on this device until the server has accepted it. */
export interface Take {
  /** Also sent as Idempotency-Key: two uploads make one attempt. */
  key: string
  tokenId: number
  userId: number
  recordedAt: number
  audio: Blob
  /** The only words of the line that were recorded; null: the whole line. */
  words: RecordedWords | null
  state: 'waiting' | 'sending' | 'accepted' | 'refused'
  failures: number
  jobId: string | null
  error: unknown
}

interface StoredTake extends Pick<Take, 'tokenId' | 'userId' | 'recordedAt'> {
  /** Missing in takes that earlier versions of the page have stored. */
  words?: RecordedWords | null
  bytes: ArrayBuffer
  type: string
}

const FIRST_DELAY_MS = 2_000
const MAX_DELAY_MS = 300_000

const store = createStore('yousync-takes', 'takes')
let takes: readonly Take[] = []
const listeners = new Set<() => void>()
let activeUserId: number | null = null
let sending: Promise<void> | null = null
/** The takes that are being stored, by key. */
const saving = new Map<string, Promise<void>>()
let isRerunRequested = false
let timer: number | undefined

function setTakes(next: readonly Take[]) {
  takes = next
  listeners.forEach((listener) => listener())
}

function updateTake(key: string, to: Partial<Take>) {
  setTakes(takes.map((take) => (take.key === key ? { ...take, ...to } : take)))
}

export function useTakes(): readonly Take[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => takes,
    () => takes,
  )
}

type Accepted = (tokenId: number, jobId: string) => void
const acceptedListeners = new Set<Accepted>()

/** Calls the listener when the server has accepted a recording, also one of an earlier visit. */
export function onTakeAccepted(listener: Accepted): () => void {
  acceptedListeners.add(listener)
  return () => void acceptedListeners.delete(listener)
}

/** Stores a new recording and sends it. Returns its key. */
export function addTake(tokenId: number, userId: number, audio: Blob, words: RecordedWords | null = null): string {
  const take = { key: crypto.randomUUID(), tokenId, userId, recordedAt: Date.now(), audio, words }
  setTakes([...takes, { ...take, state: 'waiting', failures: 0, jobId: null, error: null }])
  // The recording is sent while it is stored, and even if the browser cannot store it.
  const saved = saveTake(take).catch(() => undefined)
  saving.set(take.key, saved)
  void saved.finally(() => saving.delete(take.key))
  void sendTakes()
  return take.key
}

async function saveTake({
  key,
  audio,
  tokenId,
  userId,
  recordedAt,
  words,
}: Pick<Take, 'key' | 'audio' | 'tokenId' | 'userId' | 'recordedAt' | 'words'>) {
  const stored: StoredTake = { tokenId, userId, recordedAt, words, type: audio.type, bytes: await audio.arrayBuffer() }
  // It may have been discarded in the meantime.
  if (takes.some((take) => take.key === key)) await set(key, stored, store)
}

/** Removes a take from this device, after it is stored there. */
async function removeStored(key: string) {
  await saving.get(key)
  await del(key, store).catch(() => undefined)
}

/** Loads the takes that an earlier visit could not send. */
async function restoreTakes() {
  const stored = await entries<string, StoredTake>(store).catch(() => [])
  const known = new Set(takes.map(({ key }) => key))
  const restored = stored
    .filter(([key]) => !known.has(key))
    .map(([key, { bytes, type, ...take }]): Take => {
      const audio = new Blob([bytes], { type })
      return { words: null, ...take, key, audio, state: 'waiting', failures: 1, jobId: null, error: null }
    })
  if (restored.length > 0) setTakes([...restored, ...takes])
}

export function discardTake(key: string) {
  setTakes(takes.filter((take) => take.key !== key))
  void del(key, store)
}

/** Discards all takes of a user, also those that are only stored. */
export async function discardTakesOf(userId: number) {
  dropTakesOf(userId)
  const stored = await entries<string, StoredTake>(store).catch(() => [])
  const keys = stored.filter(([, take]) => take.userId === userId).map(([key]) => key)
  await delMany(keys, store).catch(() => undefined)
}

/** Forgets a user's takes in this tab; another one keeps or discards those that are stored. */
export function dropTakesOf(userId: number) {
  setTakes(takes.filter((take) => take.userId !== userId))
}

/** Gives a guest's takes to the account that they have signed in to, also those that the limit of guests has refused. */
export async function moveTakes(guestId: number, accountId: number) {
  const move = () =>
    setTakes(
      takes.map((take) => {
        if (take.userId !== guestId) return take
        const isRefused = take.state === 'refused' && isQuota(take.error)
        return { ...take, userId: accountId, ...(isRefused && { state: 'waiting', failures: 0, error: null }) }
      }),
    )
  move()
  const kept = await entries<string, StoredTake>(store).catch(() => [])
  const moved = kept.filter(([, take]) => take.userId === guestId)
  await Promise.all(moved.map(([key, take]) => set(key, { ...take, userId: accountId }, store))).catch(() => undefined)
  move() // what was loaded meanwhile
  await sendTakes()
}

/** Sends this user's takes now and whenever the connection returns; without a user they wait. Returns a stop function. */
export function startSending(userId: number | null): () => void {
  const sendNow = () => void sendTakes()
  activeUserId = userId
  setTakes(takes.filter(({ state }) => state === 'waiting' || state === 'sending'))
  void restoreTakes().then(sendNow)
  const stop = onReconnect(sendNow)
  return () => {
    activeUserId = null
    window.clearTimeout(timer)
    stop()
  }
}

/** Sends the waiting takes one at a time, over all tabs. A call during a run starts one more run afterwards. */
export function sendTakes(): Promise<void> {
  isRerunRequested = sending !== null
  sending ??= withTabLock(sendAll).finally(() => {
    sending = null
    if (isRerunRequested) void sendTakes()
  })
  return sending
}

async function withTabLock(work: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request('yousync.takes', work)
  else await work()
}

/** The take with the fewest failures, then the oldest, so that one bad recording does not block the others. */
function nextTake(): Take | undefined {
  return takes
    .filter(({ state, userId }) => state === 'waiting' && userId === activeUserId)
    .sort((a, b) => a.failures - b.failures || a.recordedAt - b.recordedAt)[0]
}

async function sendAll() {
  window.clearTimeout(timer)
  for (let take = nextTake(); take; take = nextTake()) {
    if (!(await send(take))) return
  }
}

/** False if sending should pause before the next take. */
async function send(take: Take): Promise<boolean> {
  updateTake(take.key, { state: 'sending' })
  const { data, error, response } = await upload(take)
  if (data) {
    updateTake(take.key, { state: 'accepted', jobId: data.job_id, error: null })
    rememberJob({ jobId: data.job_id, tokenId: take.tokenId, userId: take.userId })
    void removeStored(take.key)
    acceptedListeners.forEach((listener) => listener(take.tokenId, data.job_id))
    return true
  }
  return handleFailure(take, error, response)
}

function handleFailure(take: Take, error: unknown, response: Response | undefined): boolean {
  const status = response?.status ?? 0
  const isFinal = status >= 400 && status < 500 && ![401, 408, 429].includes(status)
  if (isFinal) {
    updateTake(take.key, { state: 'refused', error })
    if (!isQuota(error)) void removeStored(take.key)
    return true
  }
  const failures = take.failures + 1
  updateTake(take.key, { state: 'waiting', failures, error })
  if (status !== 401) scheduleRetry(failures, Number(response?.headers.get('Retry-After')) * 1000)
  return false
}

/** True if the quota is full: the take is kept, and can be sent again after recordings are deleted, or after sign-in. */
export function isQuota(error: unknown): boolean {
  return asProblem(error)?.code === 'storage_quota_exceeded' || isGuestLimit(error)
}

export function isGuestLimit(error: unknown): boolean {
  return asProblem(error)?.code === 'guest_limit_reached'
}

export function sendAgain(key: string) {
  updateTake(key, { state: 'waiting', failures: 0, error: null })
  void sendTakes()
}

function scheduleRetry(failures: number, asked: number) {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), MAX_DELAY_MS)
  window.clearTimeout(timer)
  timer = window.setTimeout(() => void sendTakes(), Math.max(delay * (0.5 + Math.random()), asked || 0))
}
