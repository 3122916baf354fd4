import { useSyncExternalStore } from 'react'
import { onVisitEnd } from '@/lib/session'

/** What a guest has recorded. It is remembered here because the server has no list of it. */
export interface GuestTake {
  tokenId: number
  jobId: string
}

interface Remembered {
  guestId: number
  takes: readonly GuestTake[]
}

const STORAGE_KEY = 'yousync.guest-takes'
const NONE: readonly GuestTake[] = []

let text: string | null = null
let remembered: Remembered | null = null
const listeners = new Set<() => void>()

/** Parses only what has changed, so that the same takes are the same object. */
function read(): Remembered | null {
  const now = localStorage.getItem(STORAGE_KEY)
  if (now === text) return remembered
  text = now
  try {
    remembered = JSON.parse(now ?? 'null') as Remembered | null
  } catch {
    remembered = null
  }
  return remembered
}

function takesOf(guestId: number | undefined): readonly GuestTake[] {
  const now = read()
  return now && now.guestId === guestId ? now.takes : NONE
}

export function addGuestTake(guestId: number, tokenId: number, jobId: string) {
  const takes = takesOf(guestId)
  if (takes.some((take) => take.jobId === jobId)) return
  localStorage.setItem(STORAGE_KEY, JSON.stringify({ guestId, takes: [{ tokenId, jobId }, ...takes] }))
  listeners.forEach((listener) => listener())
}

onVisitEnd(() => {
  localStorage.removeItem(STORAGE_KEY)
  listeners.forEach((listener) => listener())
})

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** The takes of a guest that the server has accepted, the latest first. */
export function useGuestTakes(guestId: number | undefined): readonly GuestTake[] {
  return useSyncExternalStore(subscribe, () => takesOf(guestId))
}
