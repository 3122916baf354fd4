import { noiseFloor, type SpeechState } from './speechDetection'

/** What the recorder tells the speaker: nothing arrives, no speech is found, in noise or not, or the end was missed. */
export type RecordingHint = 'silent' | 'noSpeech' | 'noisy' | 'pressStop'

/** Of a recording so far; the loudest level in dBFS. */
export interface RecordingSoFar {
  elapsedS: number
  loudest: number
  speech: SpeechState
}

/** A muted microphone, or the wrong one, stays below this; a quiet room with a usual microphone does not. */
const NO_INPUT_DB = -65
/** Whispering close to the microphone is above this. */
const NOTHING_SAID_DB = -55
const NOISY_DB = -45
const SILENT_AFTER_S = 3
const NO_SPEECH_AFTER_S = 5
const SHORTEST_LIMIT_S = 10
/** The API accepts 120 s; containers may round their duration up. */
export const MAX_RECORDING_S = 119

/** The length after which a recording that stops automatically ends in any case: learners speak slower than actors. */
export function limitFor(lineS: number): number {
  return Math.min(MAX_RECORDING_S, Math.max(SHORTEST_LIMIT_S, 2.5 * lineS + 6))
}

export function hintFor({ elapsedS, loudest, speech }: RecordingSoFar, lineS: number): RecordingHint | null {
  if (speech.hasSpoken) return elapsedS >= 1.5 * lineS + 4 ? 'pressStop' : null
  if (loudest < NO_INPUT_DB) return elapsedS >= SILENT_AFTER_S ? 'silent' : null
  if (elapsedS < NO_SPEECH_AFTER_S) return null
  return noiseFloor(speech) > NOISY_DB ? 'noisy' : 'noSpeech'
}

/** True for a recording in which nothing was said that could be judged. */
export function isEmpty({ loudest, speech }: RecordingSoFar): boolean {
  return !speech.hasSpoken && loudest < NOTHING_SAID_DB
}
