/** The steps that the learner sees, in the order of the analysis. */
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

/** The step of a stage; for unknown stages (of another analysis server) the step follows from the progress. */
export function stepOf(stage: string, progress: number): Step {
  const byProgress = STEPS[Math.min(STEPS.length - 1, Math.floor((progress / 100) * STEPS.length))]
  return STEP_OF[stage] ?? byProgress ?? 'received'
}
