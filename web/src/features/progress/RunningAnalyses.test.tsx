import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { forgetAllJobs, forgetJob, rememberJob } from '@/features/takes/runningJobs'
import { problem, renderAt, serve, signIn } from '@/testing'
import { RunningAnalyses } from './RunningAnalyses'

const ADDRESS = 'GET /api/tokens/analysis-result/job-1'
const result = (status: string) => ({ job_id: 'job-1', status, stage: status, progress: 50, message: null })
const PAGES = [{ path: '*', element: <RunningAnalyses /> }]

beforeEach(() => {
  forgetAllJobs()
  signIn()
})

test('a running analysis is shown outside of the studio until its result is opened', async () => {
  let status = 'processing'
  serve({ [ADDRESS]: () => result(status) })
  rememberJob({ jobId: 'job-1', tokenId: 3, userId: 7 })
  const router = renderAt('/scenes/1', PAGES)
  expect((await screen.findByRole('status')).textContent).toBe('Your recording is being analysed…')
  status = 'completed'
  await screen.findByText('The result of your recording is ready.', {}, { timeout: 5_000 })
  await userEvent.click(screen.getByRole('link', { name: 'Open' }))
  expect(router.state.location.pathname + router.state.location.search).toBe('/lines/3?attempt=job-1')
  expect(screen.queryByRole('list')).toBeNull()
  forgetJob('job-1')
  await router.navigate('/')
  expect(screen.queryByRole('list')).toBeNull()
})

test('recordings of another user and deleted ones are not shown', async () => {
  serve({ [ADDRESS]: () => problem(404, 'job_not_found') })
  rememberJob({ jobId: 'job-2', tokenId: 3, userId: 8 })
  rememberJob({ jobId: 'job-1', tokenId: 3, userId: 7 })
  renderAt('/', PAGES)
  await waitFor(() => expect(screen.queryByRole('list')).toBeNull())
})
