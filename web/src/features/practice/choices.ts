import { createPreference } from '@/lib/preference'

/** The pauses after each repeat, in lengths of the looped part. */
export const PAUSES = [0, 1, 2, 3] as const
export type Pauses = (typeof PAUSES)[number]
export const pausesChoice = createPreference<Pauses>('yousync.loop-pause', PAUSES, 1)

/** Whether the text of the line can be read. */
export const TEXT_MODES = ['shown', 'blurred', 'hidden'] as const
export type TextMode = (typeof TEXT_MODES)[number]
export const textChoice = createPreference<TextMode>('yousync.text', TEXT_MODES, 'shown')

/** Selects the next way to show the text. */
export function stepText() {
  const next = (TEXT_MODES.indexOf(textChoice.get()) + 1) % TEXT_MODES.length
  textChoice.set(TEXT_MODES[next] ?? 'shown')
}

export const panelChoice = createPreference('yousync.practice', ['open', 'closed'], 'closed')
