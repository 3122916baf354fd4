import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { PolarAngleAxis, PolarGrid, PolarRadiusAxis, Radar, RadarChart, ResponsiveContainer } from 'recharts'
import type { AnalysisResultResponse } from '@/api'
import { Card, CardTitle } from '@/components/Card'
import { ScoreBadge } from '@/components/ScoreBadge'
import { SUB_SCORES, verdictOf } from '@/lib/scores'
import { TICK } from './chartParts'
import type { Feedback } from './parseFeedback'

interface SubScore {
  label: string
  score: number | null
}

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

function ScoreRadar({ scores }: { scores: SubScore[] }) {
  return (
    <div aria-hidden className="mx-auto h-60 max-w-sm">
      <ResponsiveContainer initialDimension={{ width: 320, height: 240 }}>
        <RadarChart accessibilityLayer={false} data={scores} outerRadius="72%">
          <PolarGrid stroke="var(--line)" />
          <PolarAngleAxis dataKey="label" tick={{ ...TICK, fill: 'var(--ink)' }} />
          <PolarRadiusAxis domain={[0, 100]} tick={false} axisLine={false} />
          <Radar
            dataKey="score"
            stroke="var(--mine)"
            strokeWidth={2}
            fill="var(--mine)"
            fillOpacity={0.25}
            dot
            isAnimationActive={false}
          />
        </RadarChart>
      </ResponsiveContainer>
    </div>
  )
}
