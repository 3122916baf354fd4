import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { LevelMeter } from './LevelMeter'
import { clock } from './time'
import type { RecorderState } from './useRecorder'

interface Props {
  state: RecorderState
  setBox: (box: HTMLElement | null) => void
  stopsItself: boolean
}

/** What the microphone hears. The box stays in the page, since the waveform needs its width before it is shown. */
export function LiveTake({ state, setBox, stopsItself }: Props) {
  const { t } = useTranslation()
  const isBusy = state.phase !== 'idle'
  return (
    <div className={cn('space-y-3', !isBusy && 'h-0 overflow-hidden')} aria-hidden={!isBusy}>
      <div ref={setBox} aria-hidden className="h-16" />
      {isBusy && (
        <>
          <LevelMeter level={state.level} loudness={state.loudness} />
          <p className="flex justify-between text-sm text-muted">
            <span role="status">{t(hintFor(state, stopsItself))}</span>
            <span className="tabular-nums">
              <span className="sr-only">{t('studio.recorder.elapsed')} </span>
              {clock(state.elapsedS)}
            </span>
          </p>
        </>
      )}
    </div>
  )
}

function hintFor({ phase, hasSpoken }: RecorderState, stopsItself: boolean) {
  if (phase === 'opening') return 'studio.recorder.allow' as const
  if (phase === 'counting') return 'studio.recorder.ready' as const
  if (!hasSpoken) return 'studio.recorder.speak' as const
  return stopsItself ? ('studio.recorder.stopsItself' as const) : ('studio.recorder.stopWhenDone' as const)
}
