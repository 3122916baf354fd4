import { Check, Circle, CircleAlert, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { cn } from '@/lib/cn'
import { explain } from '@/lib/problem'
import type { Job } from './followJob'
import { stepOf, STEPS } from './stages'

/** The progress of the analysis: a list and a bar, and one sentence at a time for screen readers. */
export function JobProgress({ job }: { job: Job }) {
  const { t } = useTranslation()
  const current = job.status === 'completed' ? STEPS.length : STEPS.indexOf(stepOf(job.stage, job.progress))
  const step = STEPS[Math.min(current, STEPS.length - 1)] ?? 'received'
  return (
    <Card aria-label={t('studio.progress.label')}>
      <p role="status" className="mb-4 text-lg font-bold">
        {job.status === 'completed' ? t('studio.progress.done') : t(`studio.progress.now.${step}`)}
      </p>
      <div
        role="progressbar"
        aria-label={t('studio.progress.label')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={job.progress}
        className="h-2 overflow-hidden rounded-full bg-raised"
      >
        <div
          className="h-full origin-left rounded-full bg-mine transition-transform duration-500"
          style={{ transform: `scaleX(${job.progress / 100})` }}
        />
      </div>
      <ol className="mt-4 grid gap-2 text-sm sm:grid-cols-5">
        {STEPS.map((name, index) => (
          <StepItem key={name} state={index < current ? 'done' : index === current ? 'now' : 'next'}>
            {t(`studio.progress.step.${name}`)}
          </StepItem>
        ))}
      </ol>
    </Card>
  )
}

const ICONS = { done: Check, now: LoaderCircle, next: Circle }

function StepItem({ state, children }: { state: keyof typeof ICONS; children: string }) {
  const { t } = useTranslation()
  const Icon = ICONS[state]
  return (
    <li
      {...(state === 'now' && { 'aria-current': 'step' as const })}
      className={cn('flex items-center gap-2', state === 'next' ? 'text-muted' : 'font-semibold')}
    >
      <Icon
        aria-hidden
        className={cn('size-4 shrink-0', state === 'now' && 'animate-spin', state === 'done' && 'text-good')}
      />
      {children}
      {state === 'done' && <span className="sr-only">{t('studio.progress.stepDone')}</span>}
    </li>
  )
}

/** A failed job with the API's message. */
export function FailedJob({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTranslation()
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : explain(error)
  return (
    <Card role="alert" className="flex flex-wrap items-center gap-4 border-poor">
      <CircleAlert aria-hidden className="size-6 shrink-0 text-poor" />
      <div className="min-w-48 flex-1">
        <p className="font-bold">{t('studio.progress.failed')}</p>
        <p className="text-muted">{message}</p>
      </div>
      {again && <Button onClick={again}>{t('studio.recorder.again')}</Button>}
    </Card>
  )
}
