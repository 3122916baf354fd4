import { Scissors } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attempt } from '@/api'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { ScoreBadge } from '@/components/ScoreBadge'
import { cn } from '@/lib/cn'
import { verdictOf } from '@/lib/scores'
import { afterPaint } from './afterPaint'
import type { NumberedAttempt } from './ScoreChart'

const INITIALLY_SHOWN = 5
const ScoreChart = afterPaint('h-48', async () => (await import('./ScoreChart')).ScoreChart)

interface Props {
  history: Attempt[]
  currentId: string
  onChoose: (jobId: string) => void
  className?: string
}

/** My attempts at this line: a chart of the scores, and a list to open them again. */
export function History({ history, currentId, onChoose, className }: Props) {
  const { t } = useTranslation()
  const [showsAll, setShowsAll] = useState(false)
  const oldestFirst = [...history]
    .sort((a, b) => a.created_at.localeCompare(b.created_at))
    .map((attempt, index): NumberedAttempt => ({ ...attempt, number: index + 1 }))
  const newestFirst = oldestFirst.toReversed()
  const points = oldestFirst.filter(({ overall_score }) => overall_score !== null)
  if (newestFirst.length === 0) return null
  const isShown = (attempt: NumberedAttempt, place: number) =>
    showsAll || place < INITIALLY_SHOWN || attempt.job_id === currentId
  return (
    <Card className={className}>
      <CardTitle
        aside={<span className="text-sm text-muted">{t('result.history.count', { count: history.length })}</span>}
      >
        {t('result.history.title')}
      </CardTitle>
      <div className="grid gap-x-8 gap-y-4 @4xl:grid-cols-2">
        {points.length > 1 && <ScoreChart points={points} currentId={currentId} />}
        <div>
          <ol reversed className="divide-y divide-line">
            {newestFirst.filter(isShown).map((attempt) => (
              <HistoryEntry
                key={attempt.job_id}
                attempt={attempt}
                isCurrent={attempt.job_id === currentId}
                onChoose={onChoose}
              />
            ))}
          </ol>
          {!showsAll && newestFirst.length > INITIALLY_SHOWN && (
            <Button size="small" className="mt-3" onClick={() => setShowsAll(true)}>
              {t('common.more')}
            </Button>
          )}
        </div>
      </div>
    </Card>
  )
}

/** What stands beside the number of an attempt: why it has no score, or that it is of some words only. */
function noteOn({ status, attempt_class: kind, recorded_words: words }: Attempt) {
  if (status !== 'completed') return status
  if (kind !== null && kind !== 'scored') return kind
  return words ? ('part' as const) : null
}

interface HistoryEntryProps {
  attempt: NumberedAttempt
  isCurrent: boolean
  onChoose: (jobId: string) => void
}

function HistoryEntry({ attempt, isCurrent, onChoose }: HistoryEntryProps) {
  const { t, i18n } = useTranslation()
  const { number, job_id, status, attempt_class: kind, recorded_words: words } = attempt
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' })
  const note = noteOn(attempt)
  return (
    <li
      aria-current={isCurrent}
      className={cn('flex min-h-14 items-center gap-3 py-2', isCurrent && '-mx-3 rounded-xl bg-raised px-3')}
    >
      {words ? (
        <Scissors aria-hidden className="w-12 shrink-0 text-muted" />
      ) : (
        <ScoreBadge
          score={attempt.overall_score}
          verdict={verdictOf(attempt.overall_score, kind)}
          className="min-w-12 shrink-0"
        />
      )}
      <div className="min-w-0 flex-1">
        <p className="font-semibold">
          {t('result.history.number', { number })}
          {note && <span className="font-normal text-muted"> · {t(`result.history.${note}`)}</span>}
        </p>
        <time dateTime={attempt.created_at} className="text-sm text-muted">
          {when.format(new Date(attempt.created_at))}
        </time>
      </div>
      {isCurrent ? (
        <span className="shrink-0 text-sm font-semibold">{t('result.history.current')}</span>
      ) : (
        status !== 'processing' && (
          <Button size="small" aria-label={t('result.history.showNumber', { number })} onClick={() => onChoose(job_id)}>
            {t('result.history.show')}
          </Button>
        )
      )}
    </li>
  )
}
