import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnalysisResultResponse, Attempt, TokenDetail } from '@/api'
import { parseFeedback, type Feedback } from './parseFeedback'
import { History } from './History'
import { Scored } from './Scored'
import { Unscored, type Reason } from './Unscored'

interface Props {
  result: AnalysisResultResponse
  line: TokenDetail
  history: Attempt[]
  onChooseAttempt: (jobId: string) => void
  /** Shown after the scores. */
  children?: ReactNode
}

/** The result of one attempt, and the history of attempts. */
export function Result({ result, line, history, onChooseAttempt, children }: Props) {
  const feedback = useMemo(() => parseFeedback(result.detailed_feedback), [result.detailed_feedback])
  const shown = useMemo(() => withScores(result, feedback), [result, feedback])
  const reason = whyUnscored(shown)
  const { t } = useTranslation()
  return (
    <div className="@container">
      {result.reference?.is_current === false && (
        <p className="mb-4 rounded-xl bg-raised p-4 text-sm">{t('result.olderReference')}</p>
      )}
      {reason ? (
        <>
          <Unscored reason={reason} result={shown} line={line} feedback={feedback} />
          {children}
        </>
      ) : (
        <Scored key={result.job_id} result={shown} line={line} feedback={feedback}>
          {children}
        </Scored>
      )}
      <History className="mt-4 @4xl:mt-6" history={history} currentId={result.job_id} onChoose={onChooseAttempt} />
    </div>
  )
}

/** The result with the scores to show: those of some words stand in the details only. */
function withScores(result: AnalysisResultResponse, { scores }: Feedback): AnalysisResultResponse {
  if (!result.recorded_words) return result
  const score = (name: keyof Feedback['scores']) => scores[name]?.value ?? null
  return {
    ...result,
    overall_score: score('overall'),
    pronunciation_score: score('pronunciation'),
    intonation_score: score('intonation'),
    emotion_score: score('emotion'),
  }
}

/** The reason for missing scores, or null. `incomplete` attempts may have scores for the part that was said. */
function whyUnscored({
  status,
  attempt_class: kind,
  overall_score,
  pronunciation_score,
}: AnalysisResultResponse): Reason | null {
  if (status === 'failed') return 'failed'
  const hasScores = overall_score !== null || pronunciation_score !== null
  if (kind === 'scored' || kind === null) return hasScores ? null : 'other'
  return kind === 'incomplete' && hasScores ? null : kind
}
