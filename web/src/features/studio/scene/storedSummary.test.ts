import { beforeEach, expect, test } from 'vitest'
import { removeSummary, storedSummary, storeSummary } from './storedSummary'

const SUMMARY = { userId: 7, mine: [1], takes: { 10: 'key' }, jobs: { 10: 'job', 12: null } }

beforeEach(() => sessionStorage.clear())

test('a summary is found again by the same learner in the same scene', () => {
  storeSummary(3, SUMMARY)
  expect(storedSummary(3, 7)).toEqual(SUMMARY)
  expect(storedSummary(3, 8)).toBeNull()
  expect(storedSummary(4, 7)).toBeNull()
})

test('a new run removes it, and what is no summary is ignored', () => {
  storeSummary(3, SUMMARY)
  removeSummary(3)
  expect(storedSummary(3, 7)).toBeNull()
  for (const text of ['{', '7', 'null', '{"userId":7}']) {
    sessionStorage.setItem('yousync.scene.3', text)
    expect(storedSummary(3, 7)).toBeNull()
  }
})
