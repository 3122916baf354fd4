import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { AnalysisResultResponse } from '@/api'
import { getResultOptions } from '@/api/@tanstack/react-query.gen'
import { invalidateResults } from '@/features/progress/useJob'
import type { Take } from '@/features/takes/takes'

const ASK_AGAIN_MS = 1_500

/**
 * The results of several takes as they arrive. They are polled, not streamed: a browser opens six connections to one
 * server, and a stream for each take would leave none for uploads.
 */
export function useScores(takes: readonly (Take | undefined)[]): (AnalysisResultResponse | undefined)[] {
  const client = useQueryClient()
  const jobIds = takes.flatMap((take) => take?.jobId ?? [])
  const results = useQueries({
    queries: jobIds.map((jobId) => ({
      ...getResultOptions({ path: { job_id: jobId } }),
      refetchInterval: ({ state }: { state: { data: AnalysisResultResponse | undefined } }) =>
        !state.data || state.data.status === 'processing' ? ASK_AGAIN_MS : (false as const),
    })),
  })
  const ended = results.filter(({ data }) => data && data.status !== 'processing').length
  useEffect(() => {
    if (ended > 0) void invalidateResults(client, null)
  }, [ended, client])
  return takes.map((take) => results.find(({ data }) => data && data.job_id === take?.jobId)?.data)
}
