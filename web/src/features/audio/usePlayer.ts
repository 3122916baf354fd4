import { useEffect, useRef, useState } from 'react'
import WaveSurfer from 'wavesurfer.js'
import { useIsDark } from '@/lib/theme'
import { claimPlayback, releasePlayback } from './activeSound'
import { applyRate } from './rate'

export interface PlayerHandlers {
  onReady?: (durationS: number, samples?: Float32Array) => void
  onTime?: (seconds: number) => void
  onPlaying?: (isPlaying: boolean) => void
  onEnd?: () => void
}

interface Options {
  source: string | Blob
  voice: 'actor' | 'mine'
  height: number
  /** The playback rate; 1 is the original. */
  rate: number
  handlers: PlayerHandlers
}

function drawIn(container: HTMLElement, voice: Options['voice'], height: number): WaveSurfer {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--${name}`)
  return WaveSurfer.create({
    container,
    height,
    waveColor: `color-mix(in srgb, ${colour(voice)} 40%, ${colour('surface')})`,
    progressColor: colour(voice),
    cursorColor: colour('ink'),
    barWidth: 3,
    barGap: 2,
    barRadius: 3,
    // At its real height: a quiet take looks quiet.
    normalize: false,
  })
}

/** A WaveSurfer in `container`, created again when the source, the size or the colours change. */
export function usePlayer({ source, voice, height, rate, handlers }: Options) {
  const dark = useIsDark()
  const container = useRef<HTMLDivElement>(null)
  const player = useRef<WaveSurfer | null>(null)
  const [isPlaying, setPlaying] = useState(false)
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })

  useEffect(() => {
    if (!container.current) return
    const wavesurfer = drawIn(container.current, voice, height)
    player.current = wavesurfer
    const changePlaying = (playing: boolean) => {
      setPlaying(playing)
      latest.current.onPlaying?.(playing)
    }
    listenTo(wavesurfer, latest, setState, changePlaying)
    setState('loading')
    const loaded = typeof source === 'string' ? wavesurfer.load(source) : wavesurfer.loadBlob(source)
    loaded.catch(() => undefined) // reported by 'error', unless this player was destroyed before
    return () => {
      releasePlayback(wavesurfer)
      player.current = null
      setPlaying(false)
      wavesurfer.destroy()
    }
  }, [source, voice, height, dark])

  useEffect(() => {
    const media = player.current?.getMediaElement()
    if (media) applyRate(media, rate)
  }, [rate, source, voice, height, dark])

  return { container, player, state, isPlaying }
}

function listenTo(
  wavesurfer: WaveSurfer,
  handlers: { current: PlayerHandlers },
  setState: (state: 'ready' | 'failed') => void,
  changePlaying: (isPlaying: boolean) => void,
) {
  wavesurfer.on('ready', (duration) => {
    setState('ready')
    handlers.current.onReady?.(duration, wavesurfer.getDecodedData()?.getChannelData(0))
  })
  wavesurfer.on('error', () => setState('failed'))
  wavesurfer.on('timeupdate', (seconds) => handlers.current.onTime?.(seconds))
  wavesurfer.on('play', () => {
    claimPlayback(wavesurfer)
    changePlaying(true)
  })
  wavesurfer.on('pause', () => changePlaying(false))
  wavesurfer.on('finish', () => handlers.current.onEnd?.())
}
