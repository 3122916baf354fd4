export type Loudness = 'none' | 'quiet' | 'good' | 'loud'

export interface Level {
  /** dBFS */
  rms: number
  /** The largest absolute sample, 0–1 */
  peak: number
}

const SILENCE_DB = -60
const TOO_QUIET_DB = -42
/** A peak that means clipping */
export const CLIPPING = 0.98
/** About 1.5 s of levels */
const RECENT_LEVELS = 30

export function levelOf(samples: Float32Array): Level {
  let sum = 0
  let peak = 0
  for (const sample of samples) {
    sum += sample * sample
    peak = Math.max(peak, Math.abs(sample))
  }
  return { rms: 10 * Math.log10(sum / samples.length + 1e-10), peak }
}

export function appendRecent(levels: readonly Level[], level: Level): Level[] {
  return [...levels, level].slice(-RECENT_LEVELS)
}

/** Grades the loudest of the recent levels, since words have pauses between them. */
export function loudnessOf(levels: readonly Level[]): Loudness {
  const rms = Math.max(...levels.map((level) => level.rms), -Infinity)
  if (levels.some((level) => level.peak >= CLIPPING)) return 'loud'
  if (rms < SILENCE_DB + 5) return 'none'
  return rms < TOO_QUIET_DB ? 'quiet' : 'good'
}

/** The fraction 0–1 of the meter that is filled. */
export function meterFraction(level: Level): number {
  return Math.min(1, Math.max(0, 1 - level.rms / SILENCE_DB))
}
