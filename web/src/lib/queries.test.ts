import { QueryObserver } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import { forgetAnswers, queryClient } from './queries'

const MINE = { attempts: 3 }
const line = (id: number) => [{ _id: 'getToken', path: { token_id: id } }]
const data = (key: unknown[]) => queryClient.getQueryData(key)

/** Shows an answer of the learner; the next request gets that of a visitor when `answer` is called. */
function show(queryKey: unknown[]) {
  let answer: () => void = () => {}
  queryClient.setQueryData(queryKey, { text: 'Fine.', mine: MINE })
  const queryFn = vi.fn(() => new Promise((resolve) => (answer = () => resolve({ text: 'Good.', mine: null }))))
  const stop = new QueryObserver(queryClient, { queryKey, queryFn, staleTime: Infinity }).subscribe(() => {})
  return { queryFn, stop, answer: () => answer() }
}

test('a line that is shown stays without its scores until the answer to a visitor comes', async () => {
  const shown = show(line(3))
  queryClient.setQueryData(line(4), { text: 'Late.', mine: MINE })
  forgetAnswers()
  expect(data(line(3))).toEqual({ text: 'Fine.', mine: null })
  expect(data(line(4))).toBeUndefined()
  await vi.waitFor(() => expect(shown.queryFn).toHaveBeenCalledOnce())
  shown.answer()
  await vi.waitFor(() => expect(data(line(3))).toEqual({ text: 'Good.', mine: null }))
  shown.stop()
})

test('other answers that are shown are dropped and requested again', async () => {
  const key = [{ _id: 'getOverview' }]
  const shown = show(key)
  forgetAnswers()
  expect(data(key)).toBeUndefined()
  await vi.waitFor(() => expect(shown.queryFn).toHaveBeenCalledOnce())
  shown.answer()
  await vi.waitFor(() => expect(data(key)).toEqual({ text: 'Good.', mine: null }))
  shown.stop()
})

test('a result that is shown no longer is kept for a minute, other answers for longer', () => {
  vi.useFakeTimers()
  try {
    const result = [{ _id: 'getResult', path: { job_id: 'j' } }]
    for (const key of [result, line(5)]) show(key).stop()
    vi.advanceTimersByTime(59_000)
    expect(data(result)).toBeDefined()
    vi.advanceTimersByTime(2_000)
    expect(data(result)).toBeUndefined()
    expect(data(line(5))).toBeDefined()
  } finally {
    vi.useRealTimers()
  }
})
