import { lazy, Suspense, useEffect, useRef } from 'react'
import type { TokenDetail } from '@/api'
import { Failure, Loading } from '@/components/States'
import { ACCEPTED } from '@/features/progress/follow'
import { FailedJob, Progress } from '@/features/progress/Progress'
import type { useAttempts } from './useAttempts'

const Result = lazy(async () => ({ default: (await import('@/features/result/Result')).Result }))

interface Props {
  attempts: ReturnType<typeof useAttempts>
  line: TokenDetail
  /** The job of the take that was just recorded. */
  newJobId: string | null
  again: () => void
}

/** The attempt to look at: on its way, failed, or judged. */
export function AttemptView({ attempts, line, newJobId, again }: Props) {
  const { job, jobId, history, choose } = attempts
  const { data: result, isError, error, refetch, isLoading } = attempts.result
  const box = useRef<HTMLDivElement>(null)
  const isNew = jobId === newJobId
  const isJudged = result?.status === 'completed'
  useEffect(() => {
    if (!isNew || !isJudged) return
    const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    box.current?.scrollIntoView({ behavior: isCalm ? 'auto' : 'smooth', block: 'start' })
  }, [isNew, isJudged])

  if (isLoading) return isNew ? <Progress job={ACCEPTED} /> : <Loading />
  if (isError && !result) return <Failure error={error} retry={() => void refetch()} />
  if (!result) return null
  if (job?.status === 'failed') return <FailedJob error={job.error} again={again} />
  if (result.status === 'failed') return <FailedJob error={result.error} again={again} />
  if (result.status === 'processing') return <Progress job={job ?? ACCEPTED} />
  return (
    <div ref={box} className="scroll-mt-20">
      <Suspense fallback={<Loading />}>
        <Result result={result} line={line} history={history} onChooseAttempt={choose} />
      </Suspense>
    </div>
  )
}
