import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnalysisResultResponse } from '@/api'
import { Card, CardTitle } from '@/components/Card'
import { PhoneFold } from '@/components/PhoneFold'
import { cn } from '@/lib/cn'
import { FEEDBACK_SCORES, PART_SCORES, VERDICT_TEXT, verdictOf, type Verdict } from '@/lib/scores'
import { scoreOf, type Feedback } from './parseFeedback'
import { countSaid, isUnsure, VERDICT_BAR, VERDICT_FILL } from './grades'

interface Props {
  result: AnalysisResultResponse
  feedback: Feedback
  className?: string
}

export const Scores = memo(function Scores({ result, feedback, className }: Props) {
  const { t } = useTranslation()
  const { scores } = feedback
  const kind = result.attempt_class
  const { said, count } = countSaid(feedback.words)
  const wordsSaid = count > 0 ? t('result.scores.said', { said, count }) : null
  const overall = scoreOf(result.overall_score)
  const unsure = isUnsure(scores.overall?.confidence ?? scores.pronunciation?.confidence)
  return (
    <Card className={cn('flex flex-col', className)}>
      <CardTitle>{t('result.scores.title')}</CardTitle>
      <div className="my-auto flex flex-wrap items-center gap-x-8 gap-y-6">
        <Gauge
          score={overall}
          verdict={verdictOf(overall, kind)}
          note={kind === 'incomplete' ? wordsSaid : null}
          unsure={unsure}
        />
        <PhoneFold name="scores" title={t('result.scores.parts')} className="w-full">
          <ul className="grid min-w-60 flex-1 gap-4">
            {PART_SCORES.map((name) => (
              <ScoreBar
                key={name}
                name={name}
                score={scoreOf(result[`${name}_score`])}
                {...{ kind }}
                confidence={scores[name]?.confidence}
              />
            ))}
            {FEEDBACK_SCORES.map((name) => (
              <ScoreBar
                key={name}
                name={name}
                score={scores[name]?.value ?? null}
                {...{ kind }}
                confidence={scores[name]?.confidence}
                note={name === 'completeness' ? wordsSaid : null}
              />
            ))}
          </ul>
        </PhoneFold>
      </div>
      {unsure && <p className="mt-5 rounded-xl bg-raised px-4 py-3 text-sm">{t('result.scores.unsureHelp')}</p>}
      {!feedback.isReferenceUsable && (
        <p className="mt-5 rounded-xl bg-raised px-4 py-3 text-sm">{t('result.scores.noReference')}</p>
      )}
      <p className="mt-5 text-sm text-muted">{t('result.scores.small')}</p>
    </Card>
  )
})

/** 260° of a circle, open at the bottom, clockwise from the lower left. */
const ARC = 'M 26.7 139.4 A 80 80 0 1 1 149.3 139.4'

interface GaugeProps {
  score: number | null
  verdict: Verdict
  /** Said before the verdict: how much of the line was said, where a part is missing. */
  note: string | null
  unsure: boolean
}

function Gauge({ score, verdict, note, unsure }: GaugeProps) {
  const { t } = useTranslation()
  return (
    <div className="relative mx-auto size-44 shrink-0">
      <div aria-hidden className="absolute inset-0">
        <svg viewBox="0 0 176 176" fill="none" strokeWidth={16} strokeLinecap="round">
          <path d={ARC} stroke="var(--raised)" />
          {score !== null && score > 0 && (
            <path d={ARC} stroke={VERDICT_FILL[verdict]} pathLength={100} strokeDasharray={`${score} 200`} />
          )}
        </svg>
      </div>
      <p className="absolute inset-0 flex flex-col items-center justify-center">
        <span className="text-sm font-semibold text-muted">{t('scores.name.overall')}</span>{' '}
        <span className="text-5xl leading-tight font-extrabold tabular-nums">
          {score === null ? '–' : Math.round(score)}
        </span>{' '}
        {note && <span className="text-sm font-bold">{`${note} `}</span>}
        <span className={cn('font-bold', VERDICT_TEXT[verdict], (note ?? score === null) && 'text-sm')}>
          {t(`grade.${verdict}`)}
        </span>
        {unsure && <span className="text-xs text-muted">{t('result.scores.unsure')}</span>}
      </p>
    </div>
  )
}

interface BarProps {
  name: (typeof PART_SCORES)[number] | (typeof FEEDBACK_SCORES)[number]
  score: number | null
  kind: AnalysisResultResponse['attempt_class']
  confidence: number | null | undefined
  note?: string | null
}

function ScoreBar({ name, score, kind, confidence, note }: BarProps) {
  const { t } = useTranslation()
  const verdict = verdictOf(score, kind)
  return (
    <li>
      <div className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-semibold">{t(`scores.name.${name}`)}</span>{' '}
        <span className="ml-auto flex items-baseline gap-2 whitespace-nowrap">
          {isUnsure(confidence) && <span className="text-xs text-muted">{t('result.scores.unsure')}</span>}
          {note && <span className="text-sm text-muted">{`${note} `}</span>}
          <span className={cn('text-sm', VERDICT_TEXT[verdict])}>{t(`grade.${verdict}`)}</span>
          <span className="min-w-9 text-right text-lg font-bold tabular-nums">
            {score === null ? '–' : Math.round(score)}
          </span>
        </span>
      </div>
      <div aria-hidden className="mt-1.5 h-2 overflow-hidden rounded-full bg-raised">
        {score !== null && (
          <div className={cn('h-full rounded-full', VERDICT_BAR[verdict])} style={{ width: `${score}%` }} />
        )}
      </div>
    </li>
  )
}
