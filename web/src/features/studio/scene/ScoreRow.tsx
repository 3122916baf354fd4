import { ChevronRight, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { AnalysisResultResponse, TokenSummary } from '@/api'
import { ScoreBadge } from '@/components/ScoreBadge'
import type { Take } from '@/features/takes/takes'
import { explain } from '@/lib/problem'
import { verdictOf } from '@/lib/scores'

interface Props {
  line: TokenSummary
  take: Take | undefined
  /** Of the take, or of one before a reload. */
  jobId: string | null
  result: AnalysisResultResponse | undefined
}

/** One of my lines with its score, or the reason why it has none yet. */
export function ScoreRow({ line, take, jobId, result }: Props) {
  const to = result ? `/lines/${line.id}?attempt=${result.job_id}` : `/lines/${line.id}`
  return (
    <li>
      <Link to={to} className="-mx-2 flex min-h-14 items-center gap-3 rounded-xl px-2 py-2 hover:bg-raised">
        <span className="min-w-0 flex-1">
          <span className="block font-semibold">{line.text}</span>
          <ScoreNote take={take} jobId={jobId} result={result} />
        </span>
        {result?.status === 'completed' && (
          <ScoreBadge
            score={result.overall_score}
            verdict={verdictOf(result.overall_score, result.attempt_class)}
            className="shrink-0"
          />
        )}
        <ChevronRight aria-hidden className="size-5 shrink-0 text-muted" />
      </Link>
    </li>
  )
}

function ScoreNote({ take, jobId, result }: Omit<Props, 'line'>) {
  const { t } = useTranslation()
  const style = 'flex items-center gap-2 text-sm text-muted'
  if (!take && !jobId) return <span className={style}>{t('studio.scene.notDubbed')}</span>
  if (take?.state === 'refused') return <span className={style}>{explain(take.error)}</span>
  if (result?.status === 'failed') return <span className={style}>{result.error?.message}</span>
  if (result?.status === 'completed') {
    return result.overall_score === null && <span className={style}>{t('studio.scene.notScored')}</span>
  }
  const isKept = take && take.state !== 'accepted' && take.failures > 0
  return (
    <span role="status" className={style}>
      {!isKept && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {t(isKept ? 'studio.scene.storedOnDevice' : jobId ? 'studio.scene.analysing' : 'studio.take.sending')}
    </span>
  )
}
