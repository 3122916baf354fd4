import { getResult, type AnalysisResultResponse, type ProgressEvent } from '@/api'
import { isTransient } from '@/lib/problem'
import { refreshSession } from '@/lib/session'

export interface Job {
  status: ProgressEvent['status']
  stage: string
  progress: number
  message: string | null
  error: unknown
}

export const ACCEPTED: Job = { status: 'processing', stage: 'accepted', progress: 0, message: null, error: null }

const FIRST_DELAY_MS = 1_000
const MAX_DELAY_MS = 15_000

type JobUpdate = Pick<ProgressEvent | AnalysisResultResponse, 'status' | 'stage' | 'progress' | 'message' | 'error'>

/** The next state; a late update, from a stream opened again for instance, never takes progress back. */
export function applyUpdate(job: Job, update: JobUpdate): Job {
  if (job.status !== 'processing') return job
  const isOutdated = update.status === 'processing' && update.progress < job.progress
  if (isOutdated) return job
  return {
    status: update.status,
    stage: update.stage,
    progress: update.progress,
    message: update.message,
    error: update.error ?? null,
  }
}

/**
 * Follows a job to its end and returns how to stop. EventSource reconnects by itself when the network breaks; when the
 * server refuses it, the session may have ended: that is renewed once, the result asked for, and the stream reopened.
 */
export function followJob(jobId: string, onJob: (job: Job) => void): () => void {
  let job = ACCEPTED
  let source: EventSource | null = null
  let timer: number | undefined
  let refusals = 0
  let isActive = true

  const stop = () => {
    isActive = false
    source?.close()
    window.clearTimeout(timer)
  }

  const publish = (next: Job) => {
    if (!isActive) return
    job = next
    onJob(job)
    if (job.status !== 'processing') stop()
  }

  const fetchResult = async () => {
    const { data, error } = await getResult({ path: { job_id: jobId } })
    if (data) publish(applyUpdate(job, data))
    else if (!isTransient(error)) publish({ ...job, status: 'failed', error })
  }

  const recover = async () => {
    refusals += 1
    if (refusals === 1) await refreshSession().catch(() => false)
    await fetchResult()
    if (!isActive) return
    timer = window.setTimeout(open, Math.min(FIRST_DELAY_MS * 2 ** (refusals - 1), MAX_DELAY_MS))
  }

  const open = () => {
    source = new EventSource(`/api/tokens/analysis-progress/${jobId}`)
    const stream = source
    stream.onmessage = ({ data }: MessageEvent<string>) => {
      refusals = 0
      publish(applyUpdate(job, JSON.parse(data) as ProgressEvent))
    }
    stream.onerror = () => {
      if (isActive && stream.readyState === EventSource.CLOSED) void recover()
    }
  }

  open()
  return stop
}
