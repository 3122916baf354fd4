import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { AnalysisResultResponse } from '@/api'
import { getResultOptions } from '@/api/@tanstack/react-query.gen'
import { invalidateResults } from '@/features/progress/useJob'
import { forgetJob } from '@/features/takes/runningJobs'

const ASK_AGAIN_MS = 1_500
/** Signed URLs of recordings expire after an hour, and differ in each response. */
const URL_STALE_MS = 30 * 60_000

/**
 * The results of several jobs as they arrive. They are polled, not streamed: a browser opens six connections to one
 * server, and a stream for each take would leave none for uploads.
 */
export function useScores(jobs: readonly (string | null)[]): (AnalysisResultResponse | undefined)[] {
  const client = useQueryClient()
  const jobIds = jobs.filter((jobId) => jobId !== null)
  const results = useQueries({
    queries: jobIds.map((jobId) => ({
      ...getResultOptions({ path: { job_id: jobId } }),
      staleTime: URL_STALE_MS,
      refetchInterval: ({ state }: { state: { data: AnalysisResultResponse | undefined } }) =>
        !state.data || state.data.status === 'processing' ? ASK_AGAIN_MS : (false as const),
    })),
  })
  const ended = results.flatMap(({ data }) => (data && data.status !== 'processing' ? data.job_id : [])).join()
  useEffect(() => {
    if (!ended) return
    ended.split(',').forEach(forgetJob)
    void invalidateResults(client, null)
  }, [ended, client])
  return jobs.map((jobId) => results.find(({ data }) => data && data.job_id === jobId)?.data)
}
