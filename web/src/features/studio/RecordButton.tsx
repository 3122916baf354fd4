import { LoaderCircle, Mic, Square } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RecorderState } from './useRecorder'

interface Props {
  state: RecorderState
  hasTake: boolean
  onPress: () => void
}

/** The red button: starts recording, skips the countdown, stops. */
export function RecordButton({ state: { phase, left }, hasTake, onPress }: Props) {
  const { t } = useTranslation()
  const label = {
    idle: t(hasTake ? 'studio.recorder.again' : 'studio.recorder.record'),
    opening: t('studio.recorder.opening'),
    counting: t('studio.recorder.skip'),
    recording: t('studio.recorder.stop'),
  }[phase]
  return (
    <button
      type="button"
      onClick={onPress}
      className="group flex flex-col items-center gap-2 rounded-2xl p-2 font-bold"
    >
      <span className="relative flex size-20 items-center justify-center rounded-full bg-record text-on-record shadow-lg transition-transform group-hover:scale-105 group-active:scale-95">
        {phase === 'recording' && (
          <span
            aria-hidden
            className="absolute inset-0 animate-ping rounded-full border-2 border-record motion-reduce:hidden"
          />
        )}
        {phase === 'idle' && <Mic aria-hidden className="size-9" />}
        {phase === 'opening' && <LoaderCircle aria-hidden className="size-9 animate-spin" />}
        {phase === 'counting' && (
          <span aria-hidden className="text-4xl tabular-nums">
            {left}
          </span>
        )}
        {phase === 'recording' && <Square aria-hidden className="size-8 fill-current" />}
      </span>
      {label}
    </button>
  )
}
