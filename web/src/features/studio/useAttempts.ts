import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import { getResultOptions, listAttemptsOptions } from '@/api/@tanstack/react-query.gen'
import { useJob } from '@/features/progress/useJob'
import { forgetJob } from '@/features/takes/runningJobs'
import { useUser } from '@/lib/session'

/** Signed URLs of recordings expire after an hour. */
const RESULT_STALE_MS = 30 * 60_000

function useResult(jobId: string | null | undefined) {
  const user = useUser()
  return useQuery({
    ...getResultOptions({ path: { job_id: jobId ?? '' } }),
    enabled: user !== null && Boolean(jobId),
    staleTime: RESULT_STALE_MS,
  })
}

/** My attempts at a line, and the selected one: `?attempt=`, else the latest. */
export function useAttempts(tokenId: number) {
  const user = useUser()
  const [search, setSearch] = useSearchParams()
  const attempts = useQuery({
    ...listAttemptsOptions({ query: { token_id: tokenId, limit: 50 } }),
    enabled: user !== null,
  })
  const history = attempts.data?.items ?? []
  const jobId = search.get('attempt') ?? history[0]?.job_id ?? null
  const result = useResult(jobId)
  const timed = useResult(history.find((attempt) => attempt.attempt_class === 'scored')?.job_id)
  const job = useJob(result.data?.status === 'processing' ? result.data.job_id : null)

  const shownJobId = result.data && result.data.status !== 'processing' ? result.data.job_id : null
  useEffect(() => {
    if (shownJobId) forgetJob(shownJobId)
  }, [shownJobId])

  const choose = (chosen: string) => setSearch({ attempt: chosen }, { replace: true, preventScrollReset: true })

  return { history, jobId, result, job, choose, timedResult: timed.data }
}
