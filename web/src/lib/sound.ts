import { useSyncExternalStore } from 'react'

/** What is heard where no waveform is shown: one sound at a time. */
export interface Sounding {
  url: string
  state: 'loading' | 'playing' | 'failed'
}

const listeners = new Set<() => void>()
let sounding: Sounding | null = null
let element: HTMLAudioElement | null = null

function change(next: Sounding | null) {
  sounding = next
  listeners.forEach((listener) => listener())
}

function player(): HTMLAudioElement {
  if (element) return element
  element = new Audio()
  element.onplaying = () => sounding && change({ ...sounding, state: 'playing' })
  element.onended = () => change(null)
  element.onerror = () => sounding && change({ ...sounding, state: 'failed' })
  return element
}

export function stopSound() {
  if (!sounding) return
  player().pause()
  change(null)
}

export function toggleSound(url: string) {
  const again = sounding?.url === url && sounding.state !== 'failed'
  stopSound()
  if (again) return
  change({ url, state: 'loading' })
  player().src = url
  player()
    .play()
    .catch(() => {
      // Stopped before it began is no failure.
      if (sounding?.url === url && player().paused) change({ url, state: 'failed' })
    })
}

export function useSounding(url: string): Sounding['state'] | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => (sounding?.url === url ? sounding.state : null),
  )
}
