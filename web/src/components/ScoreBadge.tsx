import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { gradeOf, VERDICT_TEXT, type Verdict } from '@/lib/scores'

interface Props {
  score: number | null
  /** The verdict of the result; without one, the score is graded. */
  verdict?: Verdict
  label?: string
  className?: string
}

/** A score 0–100 with its verdict as text for screen readers; a dash if there is no score. */
export function ScoreBadge({ score, verdict, label, className }: Props) {
  const { t } = useTranslation()
  const shown = verdict ?? gradeOf(score)
  return (
    <span
      className={cn(
        'inline-flex min-w-10 items-center justify-center rounded-full border border-current px-2.5 py-0.5 text-sm font-bold tabular-nums',
        shown ? VERDICT_TEXT[shown] : 'text-muted',
        className,
      )}
    >
      {label && <span className="sr-only">{label} </span>}
      {score === null ? '–' : Math.round(score)}
      <span className="sr-only"> {t(`grade.${shown ?? 'none'}`)}</span>
    </span>
  )
}
