import { beforeEach, expect, test, vi } from 'vitest'
import { completeFonts } from './fonts'

const imported = vi.hoisted(() => vi.fn())
vi.mock('./missingLetters.css', () => {
  imported()
  return {}
})

/** A device on which each letter is drawn as `pixels` tells. */
function device(pixels: (letter: string) => number[]) {
  let letter = ''
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({
    fillText: (text: string) => (letter = text),
    getImageData: () => ({ data: Uint8ClampedArray.from(pixels(letter)) }),
  } as never)
}

beforeEach(() => {
  vi.useFakeTimers()
  imported.mockClear()
  vi.resetModules()
  return () => void vi.useRealTimers()
})

test('a device with a Korean font loads no other', async () => {
  device((letter) => [letter.charCodeAt(0) % 256])
  completeFonts()
  await vi.runAllTimersAsync()
  expect(imported).not.toHaveBeenCalled()
})

test('a device that draws all Korean letters alike loads the missing ones', async () => {
  device(() => [1, 2, 1])
  completeFonts()
  await vi.runAllTimersAsync()
  await vi.dynamicImportSettled()
  expect(imported).toHaveBeenCalledTimes(1)
})
