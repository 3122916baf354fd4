import { describe, expect, test } from 'vitest'
import { afterCountdown, addLevel, hasEnded, NO_SPEECH_YET, type SpeechState } from './speechDetection'

const STEP_MS = 50

/** Feeds each level (dB) for n seconds. */
function listen(...parts: [level: number, seconds: number][]): SpeechState {
  let now = 0
  let speech = NO_SPEECH_YET
  for (const [level, seconds] of parts) {
    for (let step = 0; step < (seconds * 1000) / STEP_MS; step += 1) {
      speech = addLevel(speech, level + (step % 2), now)
      now += STEP_MS
    }
  }
  return speech
}

describe('the end of a line', () => {
  test('is never detected before speech', () => {
    expect(hasEnded(listen([-70, 60]))).toBe(false)
    expect(hasEnded(listen([-38, 60]))).toBe(false) // a loud fan
  })

  test('is detected after 1.5 s of silence', () => {
    expect(hasEnded(listen([-70, 1], [-20, 2], [-70, 1.3]))).toBe(false)
    expect(hasEnded(listen([-70, 1], [-20, 2], [-70, 1.7]))).toBe(true)
  })

  test('is not detected in a pause between two phrases', () => {
    expect(hasEnded(listen([-70, 1], [-20, 1], [-70, 1.2], [-25, 1], [-70, 0.5]))).toBe(false)
  })

  test('is detected in a noisy room', () => {
    expect(hasEnded(listen([-38, 2], [-18, 2], [-38, 1.7]))).toBe(true)
  })

  test('is not detected after a mouse click or a cough', () => {
    expect(hasEnded(listen([-70, 1], [-10, 0.1], [-70, 3]))).toBe(false)
    expect(hasEnded(listen([-70, 1], [-10, 0.1], [-70, 1], [-10, 0.1], [-70, 3]))).toBe(false)
  })

  test('ignores speech during the countdown', () => {
    const after = afterCountdown(listen([-70, 1], [-20, 1]))
    expect(after.hasSpoken).toBe(false)
    expect(after.levels).not.toHaveLength(0)
  })
})
