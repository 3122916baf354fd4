import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, LoaderCircle } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { getResultOptions } from '@/api/@tanstack/react-query.gen'
import { forgetJob, useRunningJobs, type RunningJob } from '@/features/takes/runningJobs'
import { asProblem } from '@/lib/problem'
import { useUser } from '@/lib/session'
import { invalidateResults } from './useJob'

const ASK_AGAIN_MS = 2_000
/** Pages that show the progress of their own recordings. */
const STUDIO = /^\/(lines\/|scenes\/\d+\/dub)/

/** My recordings that are being analysed, and those whose result waits for me, on pages outside of the studio. */
export function RunningAnalyses() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const user = useUser()
  const jobs = useRunningJobs().filter(({ userId }) => userId === user?.id)
  if (jobs.length === 0 || STUDIO.test(pathname)) return null
  return (
    <ul aria-label={t('studio.running.label')} className="mb-6 grid gap-2">
      {jobs.map((job) => (
        <Running key={job.jobId} {...job} />
      ))}
    </ul>
  )
}

function Running({ jobId, tokenId }: RunningJob) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data, error } = useQuery({
    ...getResultOptions({ path: { job_id: jobId } }),
    refetchInterval: ({ state }) => (state.data && state.data.status !== 'processing' ? false : ASK_AGAIN_MS),
  })
  const status = data?.status ?? 'processing'
  const isDeleted = asProblem(error)?.status === 404
  useEffect(() => {
    if (isDeleted) forgetJob(jobId)
    else if (status !== 'processing') void invalidateResults(client, null)
  }, [isDeleted, status, jobId, client])
  const isRunning = status === 'processing'
  const Icon = isRunning ? LoaderCircle : CircleCheck
  return (
    <li className="flex flex-wrap items-center gap-x-3 rounded-2xl border border-line bg-surface px-4">
      <Icon aria-hidden className={isRunning ? 'size-5 animate-spin text-muted' : 'size-5 text-good'} />
      <span role="status" className="flex-1 py-2 font-semibold">
        {t(`studio.running.${status}`)}
      </span>
      <Link
        to={`/lines/${tokenId}?attempt=${jobId}`}
        className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4"
      >
        {t('studio.running.open')}
      </Link>
    </li>
  )
}
