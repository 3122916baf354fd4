import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type * as api from '@/api'
import { ACCEPTED, followJob, type Job } from './followJob'

/** Queries whose answers change with a new result. */
const RESULT_QUERIES = [
  'getResult',
  'listAttempts',
  'getToken',
  'getOverview',
  'listDubbedTokens',
  'listLineProgress',
  'listRecordings',
  'listSceneProgress',
  'listWeakSounds',
] satisfies (keyof typeof api)[]

/** Invalidates all queries that a result of this job changes; the results of other jobs stay cached. */
export async function invalidateResults(client: QueryClient, jobId: string | null) {
  const predicate = ({ queryKey }: Query) => {
    const [about] = queryKey as [{ _id?: string; path?: { job_id?: string } }?]
    if (!RESULT_QUERIES.some((id) => id === about?._id)) return false
    return about?._id !== 'getResult' || about.path?.job_id === jobId
  }
  // The first request of a query is not repeated while it runs, and may bring a state from before the end of the job.
  await client.cancelQueries({ predicate })
  await client.invalidateQueries({ predicate })
}

/** The live state of a job, null without a job. Invalidates what depends on the result when the job ends. */
export function useJob(jobId: string | null): Job | null {
  const client = useQueryClient()
  const [update, setUpdate] = useState<{ jobId: string; job: Job } | null>(null)
  useEffect(() => {
    if (!jobId) return
    return followJob(jobId, (job) => {
      setUpdate({ jobId, job })
      if (job.status !== 'processing') void invalidateResults(client, jobId)
    })
  }, [jobId, client])
  if (!jobId) return null
  return update?.jobId === jobId ? update.job : ACCEPTED
}
