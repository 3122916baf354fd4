/** The times of a line on the scene's timeline, s. */
export interface Times {
  start: number
  end: number
}

export type Edge = 'start' | 'end'

export const MIN_CUE_S = 0.2
export const MAX_CUE_S = 120
export const FINE_STEP_S = 0.01
export const COARSE_STEP_S = 0.1
/** What is shown before and after a cue, s. */
const AROUND_S = 1.5
/** A cue nearer than this to the border of what is shown moves the border, s. */
const NEAR_S = 0.3

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))
const toMilliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000

/** The times with one edge at another place, as near to it as the other edge and the sound allow. */
export function moveEdge({ start, end }: Times, edge: Edge, to: number, lengthS: number): Times {
  return edge === 'start'
    ? { start: toMilliseconds(clamp(to, Math.max(0, end - MAX_CUE_S), end - MIN_CUE_S)), end }
    : { start, end: toMilliseconds(Math.max(start + MIN_CUE_S, Math.min(to, start + MAX_CUE_S, lengthS))) }
}

/** The times moved as a whole, which stay within the sound and as long as they are. */
export function moveCue({ start, end }: Times, by: number, lengthS: number): Times {
  const shift = clamp(by, -start, Math.max(0, lengthS - end))
  return { start: toMilliseconds(start + shift), end: toMilliseconds(end + shift) }
}

/** The part of the sound to show for a cue: the present one as long as the cue lies well inside of it. */
export function fitWindow(shown: Times | null, cue: Times, lengthS: number): Times {
  if (shown) {
    const first = shown.start === 0 ? 0 : shown.start + NEAR_S
    const last = shown.end >= lengthS ? shown.end : shown.end - NEAR_S
    if (cue.start >= first && cue.end <= last) return shown
  }
  const around = Math.min(AROUND_S, (MAX_CUE_S - (cue.end - cue.start)) / 2)
  return {
    start: toMilliseconds(Math.max(0, cue.start - around)),
    end: toMilliseconds(Math.min(Math.max(lengthS, cue.end), cue.end + around)),
  }
}

/** The place of a moment in what is shown, from 0 to 1. */
export const placeOf = (moment: number, { start, end }: Times) => (moment - start) / (end - start)

/** The moment at a place of what is shown. */
export const momentAt = (place: number, { start, end }: Times) => start + clamp(place, 0, 1) * (end - start)
