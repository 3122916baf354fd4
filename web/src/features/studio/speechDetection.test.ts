import { describe, expect, test } from 'vitest'
import { levelOf } from './level'
import { blockAt, hum, mixed, noise, sequence, silence, speech, type Sound } from './signals'
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

/** The moment at which the end of a line is detected, s; null if it never is. */
function endOf(sound: Sound, seconds: number): number | null {
  let state = NO_SPEECH_YET
  for (let now = STEP_MS; now <= seconds * 1000; now += STEP_MS) {
    state = addLevel(state, levelOf(blockAt(sound, now / 1000)).rms, now)
    if (hasEnded(state)) return now / 1000
  }
  return null
}

describe('in sounds', () => {
  test.each([
    ['silence', silence],
    ['a quiet room', noise(-70)],
    ['a fan', noise(-45)],
    ['loud noise', noise(-25)],
    ['very loud noise', noise(-10)],
    ['hum', hum(-30)],
  ])('%s alone is no speech', (_, sound) => {
    expect(endOf(sound, 30)).toBeNull()
  })

  test.each([
    ['silence', silence, -25],
    ['a quiet room', noise(-70), -25],
    ['a quiet room, softly', noise(-70), -42],
    ['a fan', noise(-45), -25],
    ['loud noise', noise(-30), -15],
    ['very loud noise', noise(-20), -8],
    ['hum', hum(-35), -15],
  ])('the end of speech over %s is found', (_, background, level) => {
    const line = mixed(background, sequence([silence, 2], [speech(level), 3]))
    const end = endOf(line, 20)
    expect(end).toBeGreaterThan(5)
    expect(end).toBeLessThan(7.5)
  })

  test('a loud start does not hide the speech after it', () => {
    const start = sequence([noise(-12), 2], [noise(-65), 1], [mixed(noise(-65), speech(-28)), 3], [noise(-65), 10])
    const end = endOf(start, 16)
    expect(end).toBeGreaterThan(6)
    expect(end).toBeLessThan(8.5)
  })

  test('noise that begins after the line becomes the floor', () => {
    const line = sequence([noise(-65), 1], [mixed(noise(-65), speech(-20)), 2], [noise(-28), 20])
    const end = endOf(line, 20)
    expect(end).not.toBeNull()
    expect(end).toBeLessThan(10)
  })
})
