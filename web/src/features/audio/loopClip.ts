/** A part of a sound, s. */
export interface Span {
  from: number
  to: number
}

/** One channel of decoded sound, samples in [-1, 1]. */
export interface Sound {
  samples: Float32Array
  sampleRate: number
}

/** Shorter loops cannot be understood. */
export const MIN_LOOP_S = 0.12
/** Faded in and out inside the edges, since a cut within a wave clicks. */
const FADE_S = 0.004
/** Silence after the span at least: Chromium's slow playback drops up to 20 ms at the end of a file. */
const TAIL_S = 0.03
const BYTES_PER_SAMPLE = 2
const WAV_HEADER_BYTES = 44

export const durationOf = ({ samples, sampleRate }: Sound) => samples.length / sampleRate

/** The span within [0, end], at least MIN_LOOP_S long where the sound is. */
export function fitSpan({ from, to }: Span, end: number): Span {
  const start = Math.max(0, Math.min(from, to, end - MIN_LOOP_S))
  return { from: start, to: Math.min(end, Math.max(from, to, start + MIN_LOOP_S)) }
}

/**
 * One repeat as samples: the span, exact to a sample, and a pause of `pauses` times its length. Played by an element
 * with `loop`, its edges depend neither on timers nor on how busy the page is, at every playback rate.
 */
export function cutLoop({ samples, sampleRate }: Sound, { from, to }: Span, pauses: number): Float32Array {
  const heard = samples.subarray(Math.round(from * sampleRate), Math.round(to * sampleRate))
  const pause = Math.round(Math.max(heard.length * pauses, TAIL_S * sampleRate))
  const cut = new Float32Array(heard.length + pause)
  cut.set(heard)
  const fade = Math.min(Math.round(FADE_S * sampleRate), heard.length >> 1)
  for (let index = 0; index < fade; index++) {
    const gain = index / fade
    cut[index] = (heard[index] ?? 0) * gain
    cut[heard.length - 1 - index] = (heard[heard.length - 1 - index] ?? 0) * gain
  }
  return cut
}

/** The position in the sound after `elapsed` seconds of a repeat, or null during the pause. */
export function positionInLoop(elapsed: number, { from, to }: Span): number | null {
  return elapsed < to - from ? from + elapsed : null
}

/** A mono WAV file of 16-bit PCM. */
export function encodeWav(samples: Float32Array, sampleRate: number): Blob {
  const size = samples.length * BYTES_PER_SAMPLE
  const view = new DataView(new ArrayBuffer(WAV_HEADER_BYTES + size))
  const write = (offset: number, text: string) =>
    [...text].forEach((c, i) => view.setUint8(offset + i, c.charCodeAt(0)))
  write(0, 'RIFF')
  view.setUint32(4, WAV_HEADER_BYTES - 8 + size, true)
  write(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true) // PCM
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * BYTES_PER_SAMPLE, true)
  view.setUint16(32, BYTES_PER_SAMPLE, true)
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true)
  write(36, 'data')
  view.setUint32(40, size, true)
  samples.forEach((sample, index) => {
    const clipped = Math.max(-1, Math.min(1, sample))
    view.setInt16(WAV_HEADER_BYTES + index * BYTES_PER_SAMPLE, Math.round(clipped * 0x7fff), true)
  })
  return new Blob([view], { type: 'audio/wav' })
}
