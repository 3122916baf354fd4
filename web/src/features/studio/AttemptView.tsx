import { Suspense, useCallback, useEffect, useMemo, useRef, type ReactNode } from 'react'
import type { TokenDetail } from '@/api'
import { loadAhead } from '@/components/loadAhead'
import { Failure, Loading } from '@/components/States'
import { ACCEPTED } from '@/features/progress/followJob'
import { FailedJob, JobProgress } from '@/features/progress/JobProgress'
import type { useAttempts } from './useAttempts'

const Result = loadAhead(async () => (await import('@/features/result/Result')).Result)

/** Loads the code of results: while a take is recorded or analysed, so that its scores do not wait for it. */
export async function preloadResult() {
  // A failure shows when the result does.
  await Promise.allSettled([Result.preload(), import('@/features/result/PitchCurves')])
}

interface Props {
  attempts: ReturnType<typeof useAttempts>
  line: TokenDetail
  /** The job of the take that was just recorded. */
  newJobId: string | null
  /** A stable URL of the recording; the result has a newly signed one in each response. */
  mineUrl: string | null
  again: () => void
  /** Shown after the scores. */
  children?: ReactNode
}

/** The selected attempt; a new one is scrolled into view. */
export function AttemptView(props: Props) {
  const { attempts, newJobId } = props
  const container = useRef<HTMLDivElement>(null)
  const isNew = newJobId !== null && attempts.jobId === newJobId
  const isCompleted = attempts.result.data?.status === 'completed'
  const show = useCallback((block: ScrollLogicalPosition) => {
    const prefersReducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    container.current?.scrollIntoView({ behavior: prefersReducedMotion ? 'auto' : 'smooth', block })
  }, [])
  useEffect(() => {
    if (!isNew || isCompleted) return
    show('nearest')
    void preloadResult()
  }, [isNew, isCompleted, show])
  return (
    <div ref={container} className="scroll-mt-20 scroll-mb-6">
      <Content {...props} isNew={isNew} onShown={() => isNew && show('start')} />
    </div>
  )
}

/** The attempt in progress, failed, or completed. */
function Content({ isNew, onShown, ...props }: Props & { isNew: boolean; onShown: () => void }) {
  const { attempts, line, mineUrl, again, children } = props
  const { job, history, choose } = attempts
  const { data: result, isError, error, refetch, isLoading } = attempts.result
  // The same object as long as it holds the same: charts are not drawn again while a voice is played.
  const playable = useMemo(
    () => result && { ...result, user_audio_url: result.user_audio_url && mineUrl },
    [result, mineUrl],
  )
  if (job?.status === 'failed') return <FailedJob error={job.error} again={again} />
  if (isLoading) return isNew ? <JobProgress job={job ?? ACCEPTED} /> : <Loading />
  if (isError && !result) return <Failure error={error} retry={() => void refetch()} />
  if (!result || !playable) return null
  if (result.status === 'failed') return <FailedJob error={result.error} again={again} />
  if (result.status === 'processing') return <JobProgress job={job ?? ACCEPTED} />
  return (
    <Suspense fallback={<Loading />}>
      <Result.Component result={playable} line={line} history={history} onChooseAttempt={choose}>
        {children}
      </Result.Component>
      <Shown key={result.job_id} onShown={onShown} />
    </Suspense>
  )
}

/** Calls back once what stands beside it in a Suspense boundary is loaded and on the page. */
function Shown({ onShown }: { onShown: () => void }) {
  const latest = useRef(onShown)
  useEffect(() => {
    latest.current()
  }, [])
  return null
}
