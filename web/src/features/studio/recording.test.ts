import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Recording, type RecordingEvent } from './recording'

const microphone = { error: '', amplitude: 0, isRecording: false, unplug: () => {} }

class FakeRecorder {
  static isTypeSupported = () => true
  mimeType = 'audio/webm'
  state = 'inactive'
  onstart = () => {}
  onstop = () => {}
  ondataavailable: ((event: { data: Blob }) => void) | null = null
  start() {
    this.state = 'recording'
    microphone.isRecording = true
    this.onstart()
  }
  stop() {
    this.state = 'inactive'
    microphone.isRecording = false
    this.ondataavailable?.({ data: new Blob(['take']) })
    this.onstop()
  }
}

function openStream() {
  if (microphone.error) return Promise.reject(Object.assign(new Error(), { name: microphone.error }))
  const track = { stop() {}, addEventListener: (_: string, ended: () => void) => (microphone.unplug = ended) }
  return Promise.resolve({ getTracks: () => [track] })
}

const events: RecordingEvent[] = []
const onTake = vi.fn()
const phases = () => events.filter(({ type }) => type !== 'level').map(({ type }) => type)

const LINE_S = 4

async function begin(autoStop = true) {
  const recording = new Recording({
    deviceId: '',
    lineS: LINE_S,
    isAutoStop: () => autoStop,
    onEvent: (event) => events.push(event),
    onTake,
  })
  await recording.begin()
  return recording
}

/** Feeds an amplitude for n seconds; 0.1 is speech, 0 is silence. */
async function hears(amplitude: number, seconds: number) {
  microphone.amplitude = amplitude
  await vi.advanceTimersByTimeAsync(seconds * 1000)
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
  events.length = 0
  onTake.mockReset()
  Object.assign(microphone, { error: '', amplitude: 0, isRecording: false })
  vi.stubGlobal('MediaRecorder', FakeRecorder)
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: openStream } })
  vi.stubGlobal(
    'AudioContext',
    class {
      close = () => Promise.resolve()
      resume = () => Promise.resolve()
      createMediaStreamSource = () => ({ connect() {} })
      createAnalyser = () => ({ getFloatTimeDomainData: (samples: Float32Array) => samples.fill(microphone.amplitude) })
    },
  )
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('counts down, records, and stops automatically after the line', async () => {
  await begin()
  await hears(0, 2.2)
  expect(phases()).toEqual(['opening', 'counting', 'counting', 'counting', 'recording'])
  await hears(0, 4)
  expect(onTake).not.toHaveBeenCalled()
  await hears(0.1, 2)
  await hears(0, 1.3)
  expect(onTake).not.toHaveBeenCalled()
  await hears(0, 0.5)
  expect(onTake).toHaveBeenCalledTimes(1)
  expect(phases().at(-1)).toBe('ended')
})

test('the countdown can be skipped, and the recording stopped by hand', async () => {
  const recording = await begin()
  recording.advance()
  await hears(0.1, 0.5)
  expect(microphone.isRecording).toBe(true)
  recording.advance()
  expect(onTake).toHaveBeenCalledTimes(1)
})

test('without automatic stop, continues through silence, up to two minutes', async () => {
  await begin(false)
  await hears(0, 2.2)
  await hears(0.1, 2)
  await hears(0, 60)
  expect(onTake).not.toHaveBeenCalled()
  await hears(0, 60)
  expect(onTake).toHaveBeenCalledTimes(1)
})

test('a cancelled recording gives no take', async () => {
  const recording = await begin()
  await hears(0.1, 3)
  recording.cancel()
  await hears(0.1, 5)
  expect(onTake).not.toHaveBeenCalled()
  expect(phases().at(-1)).toBe('ended')
})

test('reports why the microphone cannot be opened', async () => {
  microphone.error = 'NotAllowedError'
  await begin()
  expect(events.at(-1)).toEqual({ type: 'failed', problem: 'refused' })
})

const hint = () => events.findLast((event) => event.type === 'level')?.hint

test('says that nothing is heard, and in the end keeps no take', async () => {
  await begin()
  await hears(0, 2.2)
  await hears(0, 2.8)
  expect(hint()).toBeNull()
  await hears(0, 0.4)
  expect(hint()).toBe('silent')
  await hears(0, 13)
  expect(events.at(-1)).toEqual({ type: 'failed', problem: 'silent' })
  expect(onTake).not.toHaveBeenCalled()
})

test('in steady noise asks to press stop, and stops at the limit of the line', async () => {
  await begin()
  await hears(0.1, 2.2)
  await hears(0.1, 5.2)
  expect(hint()).toBe('noisy')
  await hears(0.1, 10)
  expect(onTake).not.toHaveBeenCalled()
  await hears(0.1, 1)
  expect(onTake).toHaveBeenCalledTimes(1)
})

test('the hint goes away once somebody speaks', async () => {
  await begin()
  await hears(0, 6)
  expect(hint()).toBe('silent')
  await hears(0.1, 0.5)
  expect(hint()).toBeNull()
})

test('an unplugged microphone ends the recording without a take', async () => {
  await begin()
  await hears(0.1, 3)
  microphone.unplug()
  expect(events.at(-1)).toEqual({ type: 'failed', problem: 'unplugged' })
  await hears(0.1, 5)
  expect(onTake).not.toHaveBeenCalled()
})
