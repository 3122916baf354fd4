import { MicOff } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { cn } from '@/lib/cn'
import { LevelMeter } from './LevelMeter'
import { RecordButton } from './RecordButton'
import { formatElapsed } from './formatElapsed'
import type { RecorderState } from './useRecorder'

interface Props {
  state: RecorderState
  hasTake: boolean
  autoStop: boolean
  record: () => void
  cancel: () => void
  /** Shown below the button while idle. */
  children?: ReactNode
}

/** The record button between the level meter and the elapsed time. */
export function RecordPanel({ state, hasTake, autoStop, record, cancel, children }: Props) {
  const { t } = useTranslation()
  const isBusy = state.phase !== 'idle'
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isBusy) box.current?.scrollIntoView({ block: 'nearest' })
  }, [isBusy])
  return (
    <div ref={box} className="flex scroll-mb-28 flex-col items-center gap-3">
      <div className="grid w-full grid-cols-[1fr_auto_1fr] items-center justify-items-center gap-2">
        {isBusy ? <LevelMeter level={state.level} loudness={state.loudness} /> : <span />}
        <RecordButton state={state} hasTake={hasTake} onPress={record} />
        {isBusy && (
          <p className="text-2xl font-bold tabular-nums">
            <span className="sr-only">{t('studio.recorder.elapsed')} </span>
            {formatElapsed(state.elapsedS)}
          </p>
        )}
      </div>
      {isBusy && state.hint === 'silent' && <NothingHeard />}
      {isBusy ? (
        <div className="flex flex-wrap items-center justify-center gap-x-3">
          <p role="status" className={cn('text-sm', state.hint ? 'font-semibold text-ink' : 'text-muted')}>
            {t(hintFor(state, autoStop))}
          </p>
          <Button size="small" kind="ghost" onClick={cancel}>
            {t('common.cancel')}
          </Button>
        </div>
      ) : (
        children
      )}
    </div>
  )
}

/** What to do when the microphone seems muted or is the wrong one. */
function NothingHeard() {
  const { t } = useTranslation()
  return (
    <div className="flex gap-3 rounded-xl border border-fair p-4 text-left">
      <MicOff aria-hidden className="mt-0.5 size-5 shrink-0 text-fair" />
      <p className="text-sm">{t('studio.microphone.silent.help')}</p>
    </div>
  )
}

function hintFor({ phase, hasSpoken, hint }: RecorderState, autoStop: boolean) {
  if (phase === 'opening') return 'studio.recorder.allow' as const
  if (phase === 'counting') return 'studio.recorder.ready' as const
  if (hint) return `studio.hint.${hint}` as const
  if (!hasSpoken) return 'studio.recorder.speak' as const
  return autoStop ? ('studio.recorder.autoStopHint' as const) : ('studio.recorder.manualStopHint' as const)
}
