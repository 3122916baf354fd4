import { afterEach, expect, test, vi } from 'vitest'
import { openMicrophone, problemOf, recordingSupportProblem } from './microphone'

afterEach(() => vi.unstubAllGlobals())

test.each([
  ['NotFoundError', 'missing'],
  ['OverconstrainedError', 'missing'],
  ['NotAllowedError', 'refused'],
  ['NotReadableError', 'busy'],
  ['SomethingNew', 'failed'],
])('the error %s is reported as %s', (name, problem) => {
  expect(problemOf(Object.assign(new Error(), { name }))).toBe(problem)
})

function microphone() {
  const asked: MediaTrackConstraints[] = []
  const getUserMedia = ({ audio }: { audio: MediaTrackConstraints }) => {
    asked.push(audio)
    return Promise.resolve({})
  }
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } })
  return asked
}

test('the voice is recorded unprocessed, with the chosen microphone if it is connected', async () => {
  const asked = microphone()
  await openMicrophone('')
  await openMicrophone('usb')
  expect(asked[0]).toMatchObject({ echoCancellation: false, noiseSuppression: false, autoGainControl: false })
  expect(asked[0]).not.toHaveProperty('deviceId')
  // Not `exact`: an unplugged microphone must not make recording fail.
  expect(asked[1]).toEqual({ ...asked[0], deviceId: { ideal: 'usb' } })
})

test('reports missing browser features without asking for permission', () => {
  vi.stubGlobal('isSecureContext', false)
  expect(recordingSupportProblem()).toBe('insecure')
  vi.stubGlobal('isSecureContext', true)
  expect(recordingSupportProblem()).toBe('unsupported')
})
