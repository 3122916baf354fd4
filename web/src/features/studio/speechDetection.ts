/** What was heard so far; levels in dB relative to full scale, times in milliseconds. */
export interface SpeechState {
  levels: readonly number[]
  spokenMs: number
  lastSpeechAt: number | null
  at: number | null
  hasSpoken: boolean
}

export const NO_SPEECH_YET: SpeechState = { levels: [], spokenMs: 0, lastSpeechAt: null, at: null, hasSpoken: false }

const NOISE_LEVELS = 80
const MARGIN_DB = 10
const LOWEST_SPEECH_DB = -50
const ENOUGH_SPEECH_MS = 200
const CLICK_GAP_MS = 400
const LONGEST_STEP_MS = 200
export const SILENCE_MS = 1500

/** The level of the room: what is exceeded nine tenths of the last seconds, pauses between words included. */
function noiseLevel(levels: readonly number[]): number {
  const sorted = [...levels].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 10)] ?? -Infinity
}

/** One more level. Short noises, such as a click or a cough, are not taken for speech. */
export function addLevel(before: SpeechState, level: number, now: number): SpeechState {
  const levels = [...before.levels, level].slice(-NOISE_LEVELS)
  const isSpeech = level > Math.max(noiseLevel(levels) + MARGIN_DB, LOWEST_SPEECH_DB)
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

/** Keeps what is known of the room when the recording proper begins. */
export function afterCountdown(speech: SpeechState): SpeechState {
  return { ...NO_SPEECH_YET, levels: speech.levels }
}

/** Whether the line has been said: some speech, then silence. */
export function hasEnded(speech: SpeechState): boolean {
  if (!speech.hasSpoken || speech.lastSpeechAt === null || speech.at === null) return false
  return speech.at - speech.lastSpeechAt >= SILENCE_MS
}
