import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MicrophoneChoice } from './MicrophoneChoice'
import { chosenMicrophone } from './microphoneChoice'

const BUILT_IN = { kind: 'audioinput', deviceId: 'a', label: 'Built-in' }
const HEADSET = { kind: 'audioinput', deviceId: 'b', label: 'Headset' }
const OTHERS = [
  { kind: 'audioinput', deviceId: 'default', label: 'Default - Built-in' },
  { kind: 'audiooutput', deviceId: 'c', label: 'Loudspeaker' },
]
let connected: object[] = []
const devices = new EventTarget()

async function connect(...list: object[]) {
  connected = list
  await act(async () => {
    devices.dispatchEvent(new Event('devicechange'))
    await Promise.resolve()
  })
}

beforeEach(() => {
  localStorage.clear()
  connected = [BUILT_IN, HEADSET, ...OTHERS]
  const mediaDevices = Object.assign(devices, { enumerateDevices: () => Promise.resolve(connected) })
  Object.defineProperty(navigator, 'mediaDevices', { value: mediaDevices, configurable: true })
})

afterEach(() => vi.unstubAllGlobals())

const choice = () => screen.findByRole<HTMLSelectElement>('combobox', { name: 'Microphone' })

test('one of several microphones can be chosen and is remembered', async () => {
  render(<MicrophoneChoice moment={null} />)
  const options = [...(await choice()).options].map((option) => option.text)
  expect(options).toEqual(['Default microphone', 'Built-in', 'Headset'])
  await userEvent.selectOptions(await choice(), 'Headset')
  expect(chosenMicrophone()).toBe('b')
  await userEvent.selectOptions(await choice(), 'Default microphone')
  expect(chosenMicrophone()).toBe('')
})

test('an unplugged choice falls back with a message, and returns when it is plugged in', async () => {
  render(<MicrophoneChoice moment={null} />)
  await userEvent.selectOptions(await choice(), 'Headset')
  await connect(BUILT_IN)
  expect(screen.getByRole('status').textContent).toContain('is not connected')
  expect((await choice()).value).toBe('')
  await connect(BUILT_IN, HEADSET)
  expect(screen.getByRole('status').textContent).toBe('')
  expect((await choice()).value).toBe('b')
})

test('nothing is offered with one microphone, or before the page may record', async () => {
  connected = [BUILT_IN, ...OTHERS]
  render(<MicrophoneChoice moment={null} />)
  await connect(BUILT_IN)
  await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull())
  await connect({ ...BUILT_IN, label: '' }, { ...HEADSET, label: '' })
  expect(screen.queryByRole('combobox')).toBeNull()
})
