import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { gradeOf } from '@/lib/scores'

const COLOURS = { good: 'text-good', fair: 'text-fair', poor: 'text-poor' } as const

/** A score 0–100 with its grade as text for screen readers; a dash if there is no score. */
export function ScoreBadge({ score, label, className }: { score: number | null; label?: string; className?: string }) {
  const { t } = useTranslation()
  const grade = gradeOf(score)
  return (
    <span
      className={cn(
        'inline-flex min-w-10 items-center justify-center rounded-full border border-current px-2.5 py-0.5 text-sm font-bold tabular-nums',
        grade ? COLOURS[grade] : 'text-muted',
        className,
      )}
    >
      {label && <span className="sr-only">{label} </span>}
      {score === null ? '–' : Math.round(score)}
      <span className="sr-only"> {grade ? t(`grade.${grade}`) : t('grade.none')}</span>
    </span>
  )
}
