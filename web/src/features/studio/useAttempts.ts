import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { Attempt } from '@/api'
import { getResultOptions, listAttemptsOptions } from '@/api/@tanstack/react-query.gen'
import { useGuestTakes } from '@/features/guest/guestTakes'
import { useJob } from '@/features/progress/useJob'
import { forgetJob } from '@/features/takes/runningJobs'
import { useRecorderId } from '@/features/takes/useOwner'
import { useGuest, useUser } from '@/lib/session'

/** Signed URLs of recordings expire after an hour. */
const RESULT_STALE_MS = 30 * 60_000

function useResult(jobId: string | null | undefined) {
  const userId = useRecorderId()
  return useQuery({
    ...getResultOptions({ path: { job_id: jobId ?? '' } }),
    enabled: userId !== null && Boolean(jobId),
    staleTime: RESULT_STALE_MS,
  })
}

const isWholeLine = ({ attempt_class: kind, recorded_words: words }: Attempt) => kind === 'scored' && !words

/** My attempts at a line, and the selected one: `?attempt=`, else the latest. A guest has no list of attempts. */
export function useAttempts(tokenId: number) {
  const user = useUser()
  const [search, setSearch] = useSearchParams()
  const attempts = useQuery({
    ...listAttemptsOptions({ query: { token_id: tokenId, limit: 50 } }),
    enabled: user !== null,
  })
  const history = attempts.data?.items ?? []
  const guest = useGuest()
  const latest = useGuestTakes(guest?.id).find((take) => take.tokenId === tokenId)?.jobId
  const jobId = search.get('attempt') ?? history[0]?.job_id ?? latest ?? null
  // Without a session, also what is still cached belongs to nobody here.
  const recorderId = useRecorderId()
  const result = useResult(recorderId === null ? null : jobId)
  const timed = useResult(guest ? jobId : history.find(isWholeLine)?.job_id)
  const [acceptedId, setAcceptedId] = useState<string | null>(null)
  const isFollowed = result.data ? result.data.status === 'processing' : jobId === acceptedId
  const job = useJob(recorderId !== null && isFollowed ? jobId : null)

  const shownJobId = result.data && result.data.status !== 'processing' ? result.data.job_id : null
  useEffect(() => {
    if (shownJobId) forgetJob(shownJobId)
  }, [shownJobId])

  const choose = (chosen: string) => setSearch({ attempt: chosen }, { replace: true, preventScrollReset: true })

  /** Chooses a job that was just accepted, and follows it at once. */
  const accept = (accepted: string) => {
    setAcceptedId(accepted)
    choose(accepted)
  }

  return { history, jobId, result, job, choose, accept, timedResult: timed.data }
}
