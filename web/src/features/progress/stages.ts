/** What the learner sees, in the order of the analysis. */
export const STEPS = ['received', 'opened', 'pronunciation', 'prosody', 'scores'] as const
export type Step = (typeof STEPS)[number]

const STEP_OF: Record<string, Step> = {
  accepted: 'received',
  stored: 'received',
  dispatched: 'received',
  queued: 'received',
  decoding: 'opened',
  checking: 'opened',
  analyzing: 'pronunciation',
  pronunciation: 'pronunciation',
  alignment: 'pronunciation',
  prosody: 'prosody',
  scoring: 'scores',
  completed: 'scores',
}

/** Another analysis server may have stages of its own: there the progress tells. */
export function stepOf(stage: string, progress: number): Step {
  const byProgress = STEPS[Math.min(STEPS.length - 1, Math.floor((progress / 100) * STEPS.length))]
  return STEP_OF[stage] ?? byProgress ?? 'received'
}
