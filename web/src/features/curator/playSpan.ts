import { claimPlayback, releasePlayback } from '@/features/audio/activeSound'
import type { Sound } from '@/features/audio/loopClip'

let context: AudioContext | null = null

/** Plays a part of a sound, s, once, from and to the exact sample. Returns what stops it. */
export function playSpan({ samples, sampleRate }: Sound, from: number, to: number, onEnd: () => void): () => void {
  context ??= new AudioContext()
  void context.resume()
  const buffer = context.createBuffer(1, Math.max(1, samples.length), sampleRate)
  buffer.copyToChannel(samples as Float32Array<ArrayBuffer>, 0)
  const source = new AudioBufferSourceNode(context, { buffer })
  source.connect(context.destination)
  const player = { pause: () => source.stop() }
  source.onended = () => {
    releasePlayback(player)
    onEnd()
  }
  claimPlayback(player)
  source.start(0, Math.max(0, from), Math.max(0, to - from))
  return player.pause
}
