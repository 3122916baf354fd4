import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type * as api from '@/api'
import { ACCEPTED, followJob, type Job } from './followJob'

/** What a new result changes. */
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

/** Asks anew for everything that a result of this job changes; results of other jobs stay as they are. */
export function invalidateResults(client: QueryClient, jobId: string | null) {
  return client.invalidateQueries({
    predicate: ({ queryKey }) => {
      const [about] = queryKey as [{ _id?: string; path?: { job_id?: string } }?]
      if (!RESULT_QUERIES.some((id) => id === about?._id)) return false
      return about?._id !== 'getResult' || about.path?.job_id === jobId
    },
  })
}

/** The live state of a job; null without one. What depends on its result is asked for anew when it ends. */
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
