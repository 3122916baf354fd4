import { Pause, Play } from 'lucide-react'
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import WaveSurfer from 'wavesurfer.js'
import { Button } from '@/components/Button'
import { cn } from '@/lib/cn'
import { useIsDark } from '@/lib/theme'

/** What can be done with a sound from outside; times in seconds. */
export interface WaveformHandle {
  play: (from?: number, to?: number) => void
  pause: () => void
  toggle: () => void
}

interface Props {
  /** An address, or a recording that is not uploaded yet. */
  source: string | Blob
  voice: 'actor' | 'mine'
  /** Whose sound it is, for the name of the button. */
  label: string
  height?: number
  className?: string
  handle?: Ref<WaveformHandle>
  onReady?: (durationS: number) => void
  onTime?: (seconds: number) => void
  onPlaying?: (isPlaying: boolean) => void
  onEnd?: () => void
}

let active: WaveSurfer | null = null

/** Stops whatever is heard: two voices at once help nobody. */
export function pausePlayback() {
  active?.pause()
  active = null
}

/** A sound to look at and to hear, with a button that the keyboard reaches. */
export function Waveform({
  source,
  voice,
  label,
  height = 64,
  className,
  handle,
  onReady,
  onTime,
  onPlaying,
  onEnd,
}: Props) {
  const { t } = useTranslation()
  const dark = useIsDark()
  const container = useRef<HTMLDivElement>(null)
  const player = useRef<WaveSurfer | null>(null)
  const [isPlaying, setPlaying] = useState(false)
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
  const handlers = useRef({ onReady, onTime, onPlaying, onEnd })
  useEffect(() => {
    handlers.current = { onReady, onTime, onPlaying, onEnd }
  })

  useEffect(() => {
    if (!container.current) return
    const style = getComputedStyle(document.documentElement)
    const colour = (name: string) => style.getPropertyValue(`--${name}`)
    const wavesurfer = WaveSurfer.create({
      container: container.current,
      height,
      waveColor: `color-mix(in srgb, ${colour(voice)} 40%, ${colour('surface')})`,
      progressColor: colour(voice),
      cursorColor: colour('ink'),
      barWidth: 3,
      barGap: 2,
      barRadius: 3,
      normalize: true,
    })
    player.current = wavesurfer
    wavesurfer.on('ready', (duration) => {
      setState('ready')
      handlers.current.onReady?.(duration)
    })
    wavesurfer.on('error', () => setState('failed'))
    wavesurfer.on('timeupdate', (seconds) => handlers.current.onTime?.(seconds))
    wavesurfer.on('play', () => {
      if (active !== wavesurfer) pausePlayback()
      active = wavesurfer
      setPlaying(true)
      handlers.current.onPlaying?.(true)
    })
    wavesurfer.on('pause', () => {
      setPlaying(false)
      handlers.current.onPlaying?.(false)
    })
    wavesurfer.on('finish', () => handlers.current.onEnd?.())
    setState('loading')
    const loaded = typeof source === 'string' ? wavesurfer.load(source) : wavesurfer.loadBlob(source)
    loaded.catch(() => undefined) // told by 'error', unless this one was taken down before
    return () => {
      if (active === wavesurfer) active = null
      player.current = null
      setPlaying(false)
      wavesurfer.destroy()
    }
  }, [source, voice, height, dark])

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
