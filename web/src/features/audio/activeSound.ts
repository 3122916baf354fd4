interface Pausable {
  pause: () => void
}

let active: Pausable | null = null

/** Pauses what is playing: one sound at a time. */
export function pausePlayback() {
  active?.pause()
  active = null
}

/** Pauses what is playing, unless it is this one, and remembers this one. */
export function claimPlayback(player: Pausable) {
  if (active !== player) pausePlayback()
  active = player
}

export function releasePlayback(player: Pausable) {
  if (active === player) active = null
}
