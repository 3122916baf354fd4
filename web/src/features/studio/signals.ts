/** Synthetic sounds for tests of the recorder: functions of the time in seconds, samples −1 to 1. */
export type Sound = (seconds: number) => number

export const RATE_HZ = 16_000
const BLOCK = 700

const amplitude = (db: number) => 10 ** (db / 20)

/** A generator of numbers 0–1 that repeats itself, since tests have to. */
function random(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export const silence: Sound = () => 0

/** White noise with this level, dBFS. */
export function noise(db: number): Sound {
  const next = random(7)
  const peak = amplitude(db) * Math.sqrt(3)
  return () => (2 * next() - 1) * peak
}

/** The hum of the mains with two overtones, dBFS. */
export function hum(db: number): Sound {
  const share = amplitude(db) * Math.sqrt(2 / 3)
  return (t) => [50, 100, 150].reduce((sum, hz) => sum + share * Math.sin(2 * Math.PI * hz * t), 0)
}

/** Four syllables a second on a voice of 140 Hz, with a pause after every fifth, dBFS in the loud parts. */
export function speech(db: number): Sound {
  const peak = amplitude(db) * Math.SQRT2
  return (t) => {
    const syllable = Math.floor(t * 4)
    const envelope = syllable % 6 === 5 ? 0 : Math.sin(Math.PI * ((t * 4) % 1))
    return peak * envelope * Math.sin(2 * Math.PI * 140 * t)
  }
}

export const mixed =
  (...sounds: Sound[]): Sound =>
  (t) =>
    sounds.reduce((sum, sound) => sum + sound(t), 0)

/** One sound after another, each for its seconds; silence behind them. */
export function sequence(...parts: [sound: Sound, seconds: number][]): Sound {
  return (t) => {
    let start = 0
    for (const [sound, seconds] of parts) {
      if (t < start + seconds) return sound(t - start)
      start += seconds
    }
    return 0
  }
}

/** The block of samples that ends at this moment. */
export function blockAt(sound: Sound, seconds: number): Float32Array {
  return Float32Array.from({ length: BLOCK }, (_, index) => sound(Math.max(0, seconds - (BLOCK - index) / RATE_HZ)))
}
