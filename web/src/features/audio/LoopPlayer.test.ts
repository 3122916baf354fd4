import { expect, test, vi } from 'vitest'
import type { Sound } from './loopClip'
import { LoopPlayer } from './LoopPlayer'

const { decodeMock } = vi.hoisted(() => ({ decodeMock: vi.fn<() => Promise<Sound>>() }))
vi.mock('./decode', () => ({ decode: decodeMock }))

test('a rate that is chosen while the loop is made holds for it', async () => {
  const played: HTMLMediaElement[] = []
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:loop')
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue()
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue()
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(function (this: HTMLMediaElement) {
    played.push(this)
    return Promise.resolve()
  })
  let decoded: (sound: Sound) => void = () => undefined
  decodeMock.mockReturnValue(new Promise((resolve) => (decoded = resolve)))
  const player = new LoopPlayer()
  const begun = player.play({ source: 'blob:sound', span: { from: 0, to: 0.5 }, pauses: 0, rate: 1 })
  player.setRate(0.9)
  decoded({ samples: new Float32Array(8000), sampleRate: 8000 })
  await begun
  expect(played.at(-1)?.playbackRate).toBe(0.9)
  player.close()
})
