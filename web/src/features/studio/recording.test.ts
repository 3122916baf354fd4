import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Recording, type RecordingEvent } from './recording'

const microphone = vi.hoisted(() => ({ isRefused: false, amplitude: 0, isRecording: false, startedAt: 0 }))

vi.mock('wavesurfer.js', () => ({ default: { create: () => ({ destroy() {} }) } }))
vi.mock('wavesurfer.js/plugins/record', () => {
  const plugin = (onEnd: (take: Blob) => void = () => {}) => ({
    on: (_event: string, listener: typeof onEnd) => (onEnd = listener),
    startMic: () => (microphone.isRefused ? Promise.reject(new Error('wrapped')) : Promise.resolve({})),
    startRecording: () => {
      microphone.isRecording = true
      microphone.startedAt = performance.now()
      return Promise.resolve()
    },
    stopRecording: () => {
      microphone.isRecording = false
      onEnd(new Blob(['take']))
    },
    isRecording: () => microphone.isRecording,
    getDuration: () => performance.now() - microphone.startedAt,
  })
  return { default: { create: () => plugin() } }
})

const events: RecordingEvent[] = []
const onTake = vi.fn()
const phases = () => events.filter(({ type }) => type !== 'level').map(({ type }) => type)

async function begin(autoStop = true) {
  const recording = new Recording({
    box: document.createElement('div'),
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
  Object.assign(microphone, { isRefused: false, amplitude: 0, isRecording: false })
  vi.stubGlobal('MediaRecorder', { isTypeSupported: () => true })
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
  microphone.isRefused = true
  vi.stubGlobal('navigator', { mediaDevices: { enumerateDevices: () => Promise.resolve([]) } })
  await begin()
  expect(events.at(-1)).toEqual({ type: 'failed', problem: 'missing' })
})
