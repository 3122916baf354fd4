import type { Sound } from './loopClip'

const SAMPLE_RATE_HZ = 48_000
/** The actor's sound and a few takes of one line. */
const KEPT = 4
const decoded = new Map<string | Blob, Promise<Sound>>()

/** The decoded sound of a URL or a recording, mixed to one channel. Rejects where it cannot be loaded or decoded. */
export function decode(source: string | Blob): Promise<Sound> {
  const known = decoded.get(source)
  if (known) return known
  const sound = load(source)
  decoded.set(source, sound)
  sound.catch(() => decoded.delete(source))
  const oldest = decoded.keys().next()
  if (decoded.size > KEPT && !oldest.done) decoded.delete(oldest.value)
  return sound
}

async function load(source: string | Blob): Promise<Sound> {
  const body = typeof source === 'string' ? await fetch(new Request(source)) : source
  if (body instanceof Response && !body.ok) throw new Error(`the sound was answered with ${body.status}`)
  const buffer = await new OfflineAudioContext(1, 1, SAMPLE_RATE_HZ).decodeAudioData(await body.arrayBuffer())
  return { samples: mixDown(buffer), sampleRate: buffer.sampleRate }
}

function mixDown(buffer: AudioBuffer): Float32Array {
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, index) => buffer.getChannelData(index))
  return Float32Array.from({ length: buffer.length }, (_, at) => {
    return channels.reduce((sum, channel) => sum + (channel[at] ?? 0), 0) / channels.length
  })
}
