import { Pause, Play } from 'lucide-react'
import { useImperativeHandle, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { cn } from '@/lib/cn'
import { usePlayer, type PlayerHandlers } from './usePlayer'

/** Controls of a waveform for other components; times in seconds. */
export interface WaveformHandle {
  play: (from?: number, to?: number) => void
  pause: () => void
  toggle: () => void
}

interface Props extends PlayerHandlers {
  /** A URL, or a recording that is not uploaded yet. */
  source: string | Blob
  voice: 'actor' | 'mine'
  /** The speaker or the line, for the name of the button. */
  label: string
  height?: number
  className?: string
  handle?: Ref<WaveformHandle>
}

/** A waveform with a play button that the keyboard reaches. */
export function Waveform({ source, voice, label, height = 64, className, handle, ...handlers }: Props) {
  const { t } = useTranslation()
  const { container, player, state, isPlaying } = usePlayer({ source, voice, height, handlers })

  useImperativeHandle(handle, () => ({
    play: (from, to) => void player.current?.play(from, to).catch(() => undefined),
    pause: () => player.current?.pause(),
    toggle: () => void player.current?.playPause().catch(() => undefined),
  }))

  return (
    <div className={cn('flex items-center gap-3', className)}>
      <Button
        kind="outline"
        size="icon"
        className={cn('shrink-0', voice === 'actor' ? 'text-actor' : 'text-mine')}
        disabled={state !== 'ready'}
        aria-label={t(isPlaying ? 'audio.pause' : 'audio.play', { what: label })}
        onClick={() => void player.current?.playPause()}
      >
        {isPlaying ? <Pause aria-hidden /> : <Play aria-hidden />}
      </Button>
      <div ref={container} aria-hidden className="min-w-0 flex-1" />
      {state === 'failed' && (
        <p role="alert" className="text-sm text-poor">
          {t('audio.failed')}
        </p>
      )}
    </div>
  )
}
