import { createPreference } from '@/lib/preference'

/** The rates of slow playback; 1 is the original. */
export const RATES = [0.5, 0.6, 0.75, 0.9, 1] as const
export type Rate = (typeof RATES)[number]

const preference = createPreference<Rate>('yousync.rate', RATES, 1)
export const useRate = preference.use
export const setRate = preference.set

/** Selects the next slower (-1) or faster (1) rate. */
export function stepRate(step: -1 | 1) {
  const next = RATES[RATES.indexOf(preference.get()) + step]
  if (next !== undefined) setRate(next)
}

/** `preservesPitch` under its names in Firefox before 101 and Safari before 17.2. */
type PitchedMedia = HTMLMediaElement & { mozPreservesPitch?: boolean; webkitPreservesPitch?: boolean }

/** Plays at this rate with the pitch kept, also after another source is loaded into the element. */
export function applyRate(media: PitchedMedia, rate: number) {
  if ('mozPreservesPitch' in media) media.mozPreservesPitch = true
  if ('webkitPreservesPitch' in media) media.webkitPreservesPitch = true
  media.preservesPitch = true
  media.defaultPlaybackRate = rate // loading sets playbackRate to this
  media.playbackRate = rate
}
