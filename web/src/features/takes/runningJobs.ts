import { useSyncExternalStore } from 'react'

/** A recording whose analysis runs, or whose result was not opened yet. */
export interface RunningJob {
  jobId: string
  tokenId: number
  userId: number
}

/** Kept for this tab, also over a reload; the server has the recordings themselves. */
const STORAGE_KEY = 'yousync.running'
const MOST = 20

let jobs: readonly RunningJob[] = stored()
const listeners = new Set<() => void>()

function stored(): RunningJob[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '[]')
    return Array.isArray(found) ? (found as RunningJob[]) : []
  } catch {
    return []
  }
}

function setJobs(next: readonly RunningJob[]) {
  jobs = next
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(next))
  } catch {
    // Without storage they are known until the page is closed.
  }
  listeners.forEach((listener) => listener())
}

export function rememberJob(job: RunningJob) {
  setJobs([...jobs, job].slice(-MOST))
}

export function forgetJob(jobId: string) {
  if (jobs.some((job) => job.jobId === jobId)) setJobs(jobs.filter((job) => job.jobId !== jobId))
}

export function forgetAllJobs() {
  setJobs([])
}

export function useRunningJobs(): readonly RunningJob[] {
  const get = () => jobs
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    get,
    get,
  )
}
