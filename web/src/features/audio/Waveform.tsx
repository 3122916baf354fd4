import { Pause, Play } from 'lucide-react'
import { useImperativeHandle, useRef, useState, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { cn } from '@/lib/cn'
import { ClippedMarks } from './ClippedMarks'
import { clippedParts, type Part } from './clipping'
import { LoopRegion, type WaveformLoop } from './LoopRegion'
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
  /** The playback rate; 1 is the original. */
  rate?: number
  /** With it, a part can be chosen by dragging; while a part is chosen, the button plays it again and again. */
  loop?: WaveformLoop
  className?: string
  handle?: Ref<WaveformHandle>
}

/** A waveform with a play button that the keyboard reaches. */
export function Waveform({ source, voice, label, height = 64, rate = 1, loop, className, handle, ...handlers }: Props) {
  const { t } = useTranslation()
  const [duration, setDuration] = useState<number | null>(null)
  const [clipped, setClipped] = useState<Part[]>([])
  const { container, veil, player, state, isPlaying } = usePlayer({
    source,
    voice,
    height,
    rate,
    handlers: {
      ...handlers,
      onReady: (seconds, samples) => {
        setDuration(seconds)
        setClipped(voice === 'mine' && samples ? clippedParts(samples) : [])
        handlers.onReady?.(seconds)
      },
    },
  })
  const area = useRef<HTMLDivElement>(null)
  const isLooped = Boolean(loop?.span)
  const isActive = isLooped ? loop?.isPlaying : isPlaying
  const toggle = () => void player.current?.toggle().catch(() => undefined)

  useImperativeHandle(handle, () => ({
    play: (from, to) => void player.current?.play(from, to).catch(() => undefined),
    pause: () => player.current?.pause(),
    toggle,
  }))

  return (
    <div className={cn('flex items-center gap-3', className)}>
      <Button
        kind="outline"
        size="icon"
        className={cn('shrink-0', voice === 'actor' ? 'text-actor' : 'text-mine')}
        disabled={state !== 'ready'}
        aria-label={t(isActive ? 'audio.pause' : 'audio.play', { what: label })}
        onClick={isLooped ? loop?.toggle : toggle}
      >
        {isActive ? <Pause aria-hidden /> : <Play aria-hidden />}
      </Button>
      <div ref={area} className={cn('relative min-w-0 flex-1', loop && 'touch-pan-y')}>
        <div ref={container} aria-hidden />
        <div
          aria-hidden
          className={cn('pointer-events-none absolute inset-0 overflow-clip', state !== 'ready' && 'hidden')}
        >
          <div ref={veil} className="absolute inset-0 border-l border-ink bg-surface/60 will-change-transform" />
        </div>
        <ClippedMarks parts={clipped} />
        {loop && duration !== null && <LoopRegion {...{ area, voice, label, duration, loop }} />}
      </div>
      {clipped.length > 0 && <p className="max-w-32 text-sm text-poor">{t('audio.clipped')}</p>}
      {state === 'failed' && (
        <p role="alert" className="text-sm text-poor">
          {t('audio.failed')}
        </p>
      )}
    </div>
  )
}
