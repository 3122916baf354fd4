import { beforeEach, expect, test, vi } from 'vitest'
import { Playhead } from './playhead'

const element = document.createElement('div')
const cancel = vi.fn()
const animate = vi.fn(() => ({ currentTime: 0, cancel }) as unknown as Animation)

beforeEach(() => {
  vi.clearAllMocks()
  element.animate = animate
})

test('a standing playhead is moved; a going one is left to the browser until it deviates', () => {
  const playhead = new Playhead()
  playhead.follow(element, 0.25, 0)
  expect(element.style.transform).toBe('translateX(25%)')
  expect(animate).not.toHaveBeenCalled()
  playhead.follow(element, 0.25, 0.25)
  expect(animate).toHaveBeenLastCalledWith(expect.anything(), { duration: 3_000, fill: 'forwards' })
  const going = animate.mock.results[0]!.value as { currentTime: number }
  going.currentTime = 1_000
  playhead.follow(element, 0.505, 0.25)
  expect(animate).toHaveBeenCalledTimes(1)
  playhead.follow(element, 0.6, 0.25)
  expect(animate).toHaveBeenCalledTimes(2)
  playhead.follow(element, 0.6, 0.125)
  expect(animate).toHaveBeenCalledTimes(3)
  playhead.follow(element, 0.7, 0)
  expect(cancel).toHaveBeenCalledTimes(3)
  expect(element.style.transform).toBe('translateX(70%)')
})
