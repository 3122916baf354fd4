import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnalysisResultResponse } from '@/api'
import { Card, CardTitle } from '@/components/Card'
import { ScoreBadge } from '@/components/ScoreBadge'
import { SUB_SCORES, verdictOf } from '@/lib/scores'
import { afterPaint } from './afterPaint'
import type { Feedback } from './parseFeedback'

const ScoreRadar = afterPaint('mx-auto h-60 max-w-sm', async () => (await import('./ScoreRadar')).ScoreRadar)

interface Props {
  feedback: Feedback
  kind: AnalysisResultResponse['attempt_class']
  className?: string
}

/** The scores of the closer look, as far as the result knows them; the list repeats all values of the radar chart. */
export const SubScores = memo(function SubScores({ feedback, kind, className }: Props) {
  const { t } = useTranslation()
  const subScores = SUB_SCORES.filter((name) => feedback.scores[name]).map((name) => ({
    name,
    label: t(`scores.name.${name}`),
    score: feedback.scores[name]?.value ?? null,
  }))
  const measured = subScores.filter(({ score }) => score !== null)
  if (measured.length === 0) return null
  return (
    <Card className={className}>
      <CardTitle>{t('result.subScores.title')}</CardTitle>
      {measured.length > 2 && <ScoreRadar scores={measured} />}
      <dl className="mt-2 divide-y divide-line">
        {subScores.map(({ name, label, score }) => (
          <div key={name} className="flex items-center justify-between gap-3 py-2">
            <dt>
              <span className="font-semibold">{label}</span>
              <span className="block text-sm text-muted">{t(`scores.help.${name}`)}</span>
            </dt>
            <dd className="shrink-0">
              <ScoreBadge score={score} verdict={verdictOf(score, kind)} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
})
