import { CircleAlert, CircleCheck, CircleDashed, CircleMinus, type LucideIcon } from 'lucide-react'
import type { Grade } from '@/lib/scores'
import type { Status } from './parseFeedback'

/** An icon for each status; always shown together with the status as text. */
export const STATUS_ICONS: Record<Status | 'none', LucideIcon> = {
  good: CircleCheck,
  fair: CircleMinus,
  poor: CircleAlert,
  omitted: CircleDashed,
  none: CircleDashed,
}

export const STATUS_CLASSES: Record<Status | 'none', string> = {
  good: 'border-good/40 bg-good/8 text-good',
  fair: 'border-fair/50 bg-fair/8 text-fair',
  poor: 'border-poor/50 bg-poor/8 text-poor',
  omitted: 'border-dashed border-poor text-poor',
  none: 'border-dashed border-line text-muted',
}

export const GRADE_TEXT: Record<Grade, string> = { good: 'text-good', fair: 'text-fair', poor: 'text-poor' }
export const GRADE_BAR: Record<Grade, string> = { good: 'bg-good', fair: 'bg-fair', poor: 'bg-poor' }

/** Below this confidence the analysis does not assess delivery. */
export const MIN_CONFIDENCE = 0.5
/** From this confidence on the analysis counts a sound as added. */
export const MIN_ADDED_CONFIDENCE = 0.95

export function isUnsure(confidence: number | null | undefined): boolean {
  return typeof confidence === 'number' && confidence < MIN_CONFIDENCE
}
