import { getResult, type AnalysisResultResponse, type ProgressEvent } from '@/api'
import { isPassing } from '@/lib/problem'
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
const LONGEST_DELAY_MS = 15_000

type News = Pick<ProgressEvent | AnalysisResultResponse, 'status' | 'stage' | 'progress' | 'message' | 'error'>

/** The next state; late news, from a stream opened anew for instance, never takes progress back. */
export function advance(job: Job, news: News): Job {
  if (job.status !== 'processing') return job
  const isBehind = news.status === 'processing' && news.progress < job.progress
  if (isBehind) return job
  return {
    status: news.status,
    stage: news.stage,
    progress: news.progress,
    message: news.message,
    error: news.error ?? null,
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
  let isOn = true

  const stop = () => {
    isOn = false
    source?.close()
    window.clearTimeout(timer)
  }

  const tell = (next: Job) => {
    if (!isOn) return
    job = next
    onJob(job)
    if (job.status !== 'processing') stop()
  }

  const ask = async () => {
    const { data, error } = await getResult({ path: { job_id: jobId } })
    if (data) tell(advance(job, data))
    else if (!isPassing(error)) tell({ ...job, status: 'failed', error })
  }

  const recover = async () => {
    refusals += 1
    if (refusals === 1) await refreshSession().catch(() => false)
    await ask()
    if (!isOn) return
    timer = window.setTimeout(open, Math.min(FIRST_DELAY_MS * 2 ** (refusals - 1), LONGEST_DELAY_MS))
  }

  const open = () => {
    source = new EventSource(`/api/tokens/analysis-progress/${jobId}`)
    const stream = source
    stream.onmessage = ({ data }: MessageEvent<string>) => {
      refusals = 0
      tell(advance(job, JSON.parse(data) as ProgressEvent))
    }
    stream.onerror = () => {
      if (isOn && stream.readyState === EventSource.CLOSED) void recover()
    }
  }

  open()
  return stop
}
