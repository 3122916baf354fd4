import { CircleAlert, CircleCheck, CircleDashed, CircleMinus, type LucideIcon } from 'lucide-react'
import type { Verdict } from '@/lib/scores'
import type { Status, Word } from './parseFeedback'

/** An icon for each status; always shown together with the status as text. */
export const STATUS_ICONS: Record<Status, LucideIcon> = {
  good: CircleCheck,
  fair: CircleMinus,
  poor: CircleAlert,
  omitted: CircleDashed,
  unmeasured: CircleDashed,
}

export const STATUS_CLASSES: Record<Status, string> = {
  good: 'border-good/40 bg-good/8 text-good',
  fair: 'border-fair/50 bg-fair/8 text-fair',
  poor: 'border-poor/50 bg-poor/8 text-poor',
  omitted: 'border-dashed border-poor text-poor',
  unmeasured: 'border-dashed border-line text-muted',
}

export const VERDICT_BAR: Record<Verdict, string> = {
  good: 'bg-good',
  fair: 'bg-fair',
  poor: 'bg-poor',
  omitted: 'bg-transparent',
  partial: 'bg-muted',
  unmeasured: 'bg-transparent',
}

export const VERDICT_FILL: Record<Verdict, string> = {
  good: 'var(--good)',
  fair: 'var(--fair)',
  poor: 'var(--poor)',
  omitted: 'transparent',
  partial: 'var(--muted)',
  unmeasured: 'transparent',
}

/** Below this confidence the analysis does not assess delivery. */
export const MIN_CONFIDENCE = 0.5
/** From this confidence on the analysis counts a sound as added. */
export const MIN_ADDED_CONFIDENCE = 0.95

export function isUnsure(confidence: number | null | undefined): boolean {
  return typeof confidence === 'number' && confidence < MIN_CONFIDENCE
}

/** The number of words of the line that were said, and of all. */
export function countSaid(words: readonly Word[]): { said: number; count: number } {
  return { said: words.filter(({ status }) => status !== 'omitted').length, count: words.length }
}
