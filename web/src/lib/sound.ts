import { useSyncExternalStore } from 'react'

/** The sound that plays without a waveform; one at a time. */
export interface PlayingSound {
  url: string
  state: 'loading' | 'playing'
}

const listeners = new Set<() => void>()
let current: PlayingSound | null = null
let player: HTMLAudioElement | null = null

function change(next: PlayingSound | null) {
  current = next
  listeners.forEach((listener) => listener())
}

function createPlayer(): HTMLAudioElement {
  const element = new Audio()
  element.onplaying = () => current && change({ ...current, state: 'playing' })
  element.onended = () => change(null)
  return element
}

export function stopSound() {
  if (!current) return
  player?.pause()
  change(null)
}

export function toggleSound(url: string, onFailed: () => void) {
  const isSame = current?.url === url
  stopSound()
  if (isSame) return
  const started: PlayingSound = { url, state: 'loading' }
  change(started)
  player ??= createPlayer()
  player.src = url
  player.play().catch(() => {
    // Stopped before it started: not a failure.
    if (current !== started) return
    change(null)
    onFailed()
  })
}

export function useSoundState(url: string): PlayingSound['state'] | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => (current?.url === url ? current.state : null),
  )
}
