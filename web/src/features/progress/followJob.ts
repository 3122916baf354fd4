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

/** The next state. Progress never decreases: a late update, from a reopened stream for instance, is ignored. */
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
 * Follows a job to its end; returns a stop function. EventSource reconnects by itself after a network failure. When the
 * server refuses the stream, the session may have ended: it is refreshed once, the result is requested, and the stream
 * is opened again after a growing delay.
 */
export function followJob(jobId: string, onJob: (job: Job) => void): () => void {
  const follower = new JobFollower(jobId, onJob)
  follower.open()
  return () => follower.stop()
}

class JobFollower {
  private job = ACCEPTED
  private source: EventSource | null = null
  private timer: number | undefined
  private refusals = 0
  private isActive = true

  constructor(
    private readonly jobId: string,
    private readonly onJob: (job: Job) => void,
  ) {}

  open() {
    const source = new EventSource(`/api/tokens/analysis-progress/${this.jobId}`)
    this.source = source
    source.onmessage = ({ data }: MessageEvent<string>) => {
      this.refusals = 0
      this.publish(applyUpdate(this.job, JSON.parse(data) as ProgressEvent))
    }
    source.onerror = () => {
      if (this.isActive && source.readyState === EventSource.CLOSED) void this.recover()
    }
  }

  stop() {
    this.isActive = false
    this.source?.close()
    window.clearTimeout(this.timer)
  }

  private publish(job: Job) {
    if (!this.isActive) return
    this.job = job
    this.onJob(job)
    if (job.status !== 'processing') this.stop()
  }

  private async fetchResult() {
    const { data, error } = await getResult({ path: { job_id: this.jobId } })
    if (data) this.publish(applyUpdate(this.job, data))
    else if (!isTransient(error)) this.publish({ ...this.job, status: 'failed', error })
  }

  private async recover() {
    this.refusals += 1
    if (this.refusals === 1) await refreshSession().catch(() => false)
    await this.fetchResult()
    if (!this.isActive) return
    const delay = Math.min(FIRST_DELAY_MS * 2 ** (this.refusals - 1), MAX_DELAY_MS)
    this.timer = window.setTimeout(() => this.open(), delay)
  }
}
