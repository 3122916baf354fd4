import type { AnalysisResultResponse, Attempt, TokenDetail } from '@/api'
import { ScoreBadge } from '@/components/ScoreBadge'

interface Props {
  result: AnalysisResultResponse
  line: TokenDetail
  history: Attempt[]
  onChooseAttempt: (jobId: string) => void
}

export function Result({ result }: Props) {
  return <ScoreBadge score={result.overall_score} />
}
