import { lazy, Suspense, useEffect, useRef } from 'react'
import type { TokenDetail } from '@/api'
import { Failure, Loading } from '@/components/States'
import { ACCEPTED } from '@/features/progress/followJob'
import { FailedJob, JobProgress } from '@/features/progress/JobProgress'
import type { useAttempts } from './useAttempts'

const Result = lazy(async () => ({ default: (await import('@/features/result/Result')).Result }))

interface Props {
  attempts: ReturnType<typeof useAttempts>
  line: TokenDetail
  /** The job of the take that was just recorded. */
  newJobId: string | null
  /** A stable URL of the recording; the result has a newly signed one in each response. */
  mineUrl: string | null
  again: () => void
}

/** The selected attempt; a new one is scrolled into view. */
export function AttemptView(props: Props) {
  const { attempts, newJobId } = props
  const container = useRef<HTMLDivElement>(null)
  const isNew = newJobId !== null && attempts.jobId === newJobId
  const isCompleted = attempts.result.data?.status === 'completed'
  useEffect(() => {
    if (!isNew) return
    const prefersReducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    container.current?.scrollIntoView({
      behavior: prefersReducedMotion ? 'auto' : 'smooth',
      block: isCompleted ? 'start' : 'nearest',
    })
  }, [isNew, isCompleted])
  return (
    <div ref={container} className="scroll-mt-20 scroll-mb-6">
      <Content {...props} isNew={isNew} />
    </div>
  )
}

/** The attempt in progress, failed, or completed. */
function Content({ attempts, line, mineUrl, isNew, again }: Props & { isNew: boolean }) {
  const { job, history, choose } = attempts
  const { data: result, isError, error, refetch, isLoading } = attempts.result
  if (isLoading) return isNew ? <JobProgress job={ACCEPTED} /> : <Loading />
  if (isError && !result) return <Failure error={error} retry={() => void refetch()} />
  if (!result) return null
  if (job?.status === 'failed') return <FailedJob error={job.error} again={again} />
  if (result.status === 'failed') return <FailedJob error={result.error} again={again} />
  if (result.status === 'processing') return <JobProgress job={job ?? ACCEPTED} />
  return (
    <Suspense fallback={<Loading />}>
      <Result
        result={{ ...result, user_audio_url: result.user_audio_url && mineUrl }}
        line={line}
        history={history}
        onChooseAttempt={choose}
      />
    </Suspense>
  )
}
