import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnalysisResultResponse, Attempt, TokenDetail } from '@/api'
import { parseFeedback } from './parseFeedback'
import { History } from './History'
import { Scored } from './Scored'
import { Unscored, type Reason } from './Unscored'

interface Props {
  result: AnalysisResultResponse
  line: TokenDetail
  history: Attempt[]
  onChooseAttempt: (jobId: string) => void
}

/** The result of one attempt, and the history of attempts. */
export function Result({ result, line, history, onChooseAttempt }: Props) {
  const feedback = useMemo(() => parseFeedback(result.detailed_feedback), [result.detailed_feedback])
  const reason = whyUnscored(result)
  const { t } = useTranslation()
  return (
    <div className="@container">
      {result.reference?.is_current === false && (
        <p className="mb-4 rounded-xl bg-raised p-4 text-sm">{t('result.olderReference')}</p>
      )}
      {reason ? (
        <Unscored reason={reason} result={result} line={line} feedback={feedback} />
      ) : (
        <Scored key={result.job_id} result={result} line={line} feedback={feedback} />
      )}
      <History className="mt-4 @4xl:mt-6" history={history} currentId={result.job_id} onChoose={onChooseAttempt} />
    </div>
  )
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
