import { afterEach, expect, test, vi } from 'vitest'
import { diagnoseMicrophone, recordingSupportProblem, problemOf } from './microphone'

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

function browser(devices: string[], permission: string, error?: string) {
  vi.stubGlobal('navigator', {
    permissions: { query: () => Promise.resolve({ state: permission }) },
    mediaDevices: {
      enumerateDevices: () => Promise.resolve(devices.map((kind) => ({ kind }))),
      getUserMedia: () => Promise.reject(Object.assign(new Error(), { name: error })),
    },
  })
}

test('distinguishes a missing device, a refusal and a device in use', async () => {
  browser(['videoinput'], 'prompt')
  expect(await diagnoseMicrophone()).toBe('missing')
  browser(['audioinput'], 'denied')
  expect(await diagnoseMicrophone()).toBe('refused')
  browser(['audioinput'], 'granted', 'NotReadableError')
  expect(await diagnoseMicrophone()).toBe('busy')
})

test('reports missing browser features without asking for permission', () => {
  vi.stubGlobal('isSecureContext', false)
  expect(recordingSupportProblem()).toBe('insecure')
  vi.stubGlobal('isSecureContext', true)
  expect(recordingSupportProblem()).toBe('unsupported')
})
