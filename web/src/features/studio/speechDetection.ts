/** The levels so far (dBFS) and the speech detected in them; times in ms. */
export interface SpeechState {
  levels: readonly number[]
  spokenMs: number
  lastSpeechAt: number | null
  at: number | null
  hasSpoken: boolean
}

export const NO_SPEECH_YET: SpeechState = { levels: [], spokenMs: 0, lastSpeechAt: null, at: null, hasSpoken: false }

const NOISE_LEVELS = 80
/** Speech is this much louder than a quiet room; less in a noisy one, whose noise varies less than voices do. */
const MARGIN_DB = 10
const NOISY_MARGIN_DB = 6
const QUIET_DB = -50
const NOISY_DB = -30
const LOWEST_SPEECH_DB = -50
const ENOUGH_SPEECH_MS = 200
const CLICK_GAP_MS = 400
const LONGEST_STEP_MS = 200
export const SILENCE_MS = 1500

/**
 * The noise floor, dBFS: the 10th percentile of the recent levels, which include pauses between words. It falls within
 * half a second of quiet, and rises after four seconds of louder noise.
 */
export function noiseFloor({ levels }: Pick<SpeechState, 'levels'>): number {
  const sorted = [...levels].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 10)] ?? -Infinity
}

function marginOver(floor: number): number {
  const share = Math.min(1, Math.max(0, (floor - QUIET_DB) / (NOISY_DB - QUIET_DB)))
  return MARGIN_DB + share * (NOISY_MARGIN_DB - MARGIN_DB)
}

/** Adds one level. Short noises such as a click or a cough do not count as speech. */
export function addLevel(before: SpeechState, level: number, now: number): SpeechState {
  const levels = [...before.levels, level].slice(-NOISE_LEVELS)
  const floor = noiseFloor({ levels })
  const isSpeech = level > Math.max(floor + marginOver(floor), LOWEST_SPEECH_DB)
  const step = Math.min(now - (before.at ?? now), LONGEST_STEP_MS)
  const isGap = before.lastSpeechAt !== null && now - before.lastSpeechAt > CLICK_GAP_MS
  const spokenMs = (isGap ? 0 : before.spokenMs) + (isSpeech ? step : 0)
  return {
    levels,
    spokenMs,
    lastSpeechAt: isSpeech ? now : before.lastSpeechAt,
    at: now,
    hasSpoken: before.hasSpoken || spokenMs >= ENOUGH_SPEECH_MS,
  }
}

/** Resets the speech but keeps the levels (the noise floor) when recording starts. */
export function afterCountdown(speech: SpeechState): SpeechState {
  return { ...NO_SPEECH_YET, levels: speech.levels }
}

/** True after speech followed by `SILENCE_MS` of silence. */
export function hasEnded(speech: SpeechState): boolean {
  if (!speech.hasSpoken || speech.lastSpeechAt === null || speech.at === null) return false
  return speech.at - speech.lastSpeechAt >= SILENCE_MS
}
