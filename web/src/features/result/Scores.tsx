import { useTranslation } from 'react-i18next'
import { PolarAngleAxis, RadialBar, RadialBarChart, ResponsiveContainer } from 'recharts'
import type { AnalysisResultResponse } from '@/api'
import { Card, CardTitle } from '@/components/Card'
import { cn } from '@/lib/cn'
import { gradeOf, PART_SCORES } from '@/lib/scores'
import { scoreOf, type Feedback } from './parseFeedback'
import { GRADE_BAR, GRADE_TEXT, isUnsure } from './grades'

interface Props {
  result: AnalysisResultResponse
  feedback: Feedback
  className?: string
}

export function Scores({ result, feedback, className }: Props) {
  const { t } = useTranslation()
  const { scores } = feedback
  const unsure = isUnsure(scores.overall?.confidence ?? scores.pronunciation?.confidence)
  return (
    <Card className={cn('flex flex-col', className)}>
      <CardTitle>{t('result.scores.title')}</CardTitle>
      <div className="my-auto flex flex-wrap items-center gap-x-8 gap-y-6">
        <Gauge score={scoreOf(result.overall_score)} unsure={unsure} />
        <ul className="grid min-w-60 flex-1 gap-4">
          {PART_SCORES.map((name) => (
            <ScoreBar
              key={name}
              name={name}
              score={scoreOf(result[`${name}_score`])}
              confidence={scores[name]?.confidence}
            />
          ))}
          <ScoreBar name="fluency" score={scores.fluency?.value ?? null} confidence={scores.fluency?.confidence} />
        </ul>
      </div>
      {unsure && <p className="mt-5 rounded-xl bg-raised px-4 py-3 text-sm">{t('result.scores.unsureHelp')}</p>}
      {!feedback.isReferenceUsable && (
        <p className="mt-5 rounded-xl bg-raised px-4 py-3 text-sm">{t('result.scores.noReference')}</p>
      )}
      <p className="mt-5 text-sm text-muted">{t('result.scores.small')}</p>
    </Card>
  )
}

function Gauge({ score, unsure }: { score: number | null; unsure: boolean }) {
  const { t } = useTranslation()
  const grade = gradeOf(score)
  return (
    <div className="relative mx-auto size-44 shrink-0">
      <div aria-hidden className="absolute inset-0">
        <ResponsiveContainer initialDimension={{ width: 176, height: 176 }}>
          <RadialBarChart
            accessibilityLayer={false}
            data={[{ score: score ?? 0 }]}
            startAngle={220}
            endAngle={-40}
            innerRadius="82%"
            outerRadius="100%"
            margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
          >
            <PolarAngleAxis type="number" domain={[0, 100]} tick={false} axisLine={false} />
            <RadialBar
              dataKey="score"
              cornerRadius={99}
              fill={grade ? `var(--${grade})` : 'transparent'}
              background={{ fill: 'var(--raised)' }}
              isAnimationActive={false}
            />
          </RadialBarChart>
        </ResponsiveContainer>
      </div>
      <p className="absolute inset-0 flex flex-col items-center justify-center">
        <span className="text-sm font-semibold text-muted">{t('scores.name.overall')}</span>{' '}
        <span className="text-5xl leading-tight font-extrabold tabular-nums">
          {score === null ? '–' : Math.round(score)}
        </span>{' '}
        <span className={cn('font-bold', grade ? GRADE_TEXT[grade] : 'text-sm text-muted')}>
          {grade ? t(`grade.${grade}`) : t('result.scores.none')}
        </span>
        {unsure && <span className="text-xs text-muted">{t('result.scores.unsure')}</span>}
      </p>
    </div>
  )
}

interface BarProps {
  name: (typeof PART_SCORES)[number] | 'fluency'
  score: number | null
  confidence: number | null | undefined
}

function ScoreBar({ name, score, confidence }: BarProps) {
  const { t } = useTranslation()
  const grade = gradeOf(score)
  return (
    <li>
      <div className="flex items-baseline justify-between gap-3">
        <span className="font-semibold">{t(`scores.name.${name}`)}</span>{' '}
        <span className="flex items-baseline gap-2">
          {isUnsure(confidence) && <span className="text-xs text-muted">{t('result.scores.unsure')}</span>}
          <span className={cn('text-sm', grade ? GRADE_TEXT[grade] : 'text-muted')}>
            {grade ? t(`grade.${grade}`) : t('result.scores.none')}
          </span>
          <span className="min-w-9 text-right text-lg font-bold tabular-nums">
            {score === null ? '–' : Math.round(score)}
          </span>
        </span>
      </div>
      <div aria-hidden className="mt-1.5 h-2 overflow-hidden rounded-full bg-raised">
        {grade && <div className={cn('h-full rounded-full', GRADE_BAR[grade])} style={{ width: `${score}%` }} />}
      </div>
    </li>
  )
}
