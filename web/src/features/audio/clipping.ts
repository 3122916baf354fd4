/** A part of a recording, as shares 0–1 of its length. */
export interface Part {
  from: number
  to: number
}

const FULL_SCALE = 0.985
/** Samples in a row at full scale that are heard as distortion; a single one may be a real peak. */
const RUN = 3
const PARTS = 200

/** The parts of a recording that are clipped, joined where they touch. */
export function clippedParts(samples: Float32Array): Part[] {
  const clipped = new Set<number>()
  let run = 0
  for (let index = 0; index < samples.length; index += 1) {
    run = Math.abs(samples[index] ?? 0) >= FULL_SCALE ? run + 1 : 0
    if (run >= RUN) clipped.add(Math.floor((index / samples.length) * PARTS))
  }
  const parts: Part[] = []
  for (const place of clipped) {
    const last = parts.at(-1)
    if (last && last.to === place / PARTS) last.to = (place + 1) / PARTS
    else parts.push({ from: place / PARTS, to: (place + 1) / PARTS })
  }
  return parts
}
