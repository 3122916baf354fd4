import { useSyncExternalStore } from 'react'

/** What is heard where no waveform is shown: one sound at a time. */
export interface Sounding {
  url: string
  state: 'loading' | 'playing'
}

const listeners = new Set<() => void>()
let sounding: Sounding | null = null
let player: HTMLAudioElement | null = null

function change(next: Sounding | null) {
  sounding = next
  listeners.forEach((listener) => listener())
}

function createPlayer(): HTMLAudioElement {
  const element = new Audio()
  element.onplaying = () => sounding && change({ ...sounding, state: 'playing' })
  element.onended = () => change(null)
  return element
}

export function stopSound() {
  if (!sounding) return
  player?.pause()
  change(null)
}

export function toggleSound(url: string, onFailed: () => void) {
  const again = sounding?.url === url
  stopSound()
  if (again) return
  const mine: Sounding = { url, state: 'loading' }
  change(mine)
  player ??= createPlayer()
  player.src = url
  player.play().catch(() => {
    // Stopped before it began is no failure.
    if (sounding !== mine) return
    change(null)
    onFailed()
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
