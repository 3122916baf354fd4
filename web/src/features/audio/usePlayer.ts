import { useEffect, useRef, useState } from 'react'
import WaveSurfer from 'wavesurfer.js'
import { useIsDark } from '@/lib/theme'
import { claimPlayback, releasePlayback } from './activeSound'
import { Playhead } from './playhead'
import { SpanPlayer } from './SpanPlayer'

export interface PlayerHandlers {
  onReady?: (durationS: number, samples?: Float32Array) => void
  /** The position, and the seconds of the sound that pass in a second from here: 0 in a pause. */
  onTime?: (seconds: number, speed: number) => void
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
  return WaveSurfer.create({
    container,
    height,
    waveColor: style.getPropertyValue(`--${voice}`),
    cursorWidth: 0,
    interact: false, // a press would draw a progress
    barWidth: 3,
    barGap: 2,
    barRadius: 3,
    // At its real height: a quiet take looks quiet.
    normalize: false,
  })
}

/**
 * A waveform in `container` and a player of its sound, made again when the source, the size or the colours change.
 * `veil` is an element over the waveform, whose left edge follows what is heard: WaveSurfer only draws, since its
 * progress would paint the waveform again in each frame.
 */
export function usePlayer({ source, voice, height, rate, handlers }: Options) {
  const dark = useIsDark()
  const container = useRef<HTMLDivElement>(null)
  const veil = useRef<HTMLDivElement>(null)
  const player = useRef<SpanPlayer | null>(null)
  const [isPlaying, setPlaying] = useState(false)
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
  const latest = useRef({ ...handlers, rate })
  useEffect(() => {
    latest.current = { ...handlers, rate }
  })

  useEffect(() => {
    if (!container.current) return
    const wavesurfer = drawIn(container.current, voice, height)
    const playhead = new Playhead()
    let made: SpanPlayer | null = null
    const changePlaying = (playing: boolean) => {
      setPlaying(playing)
      latest.current.onPlaying?.(playing)
    }
    const showTime = (seconds: number) => {
      const duration = wavesurfer.getDuration()
      const speed = made && !made.audio.paused ? made.audio.playbackRate : 0
      if (veil.current) playhead.follow(veil.current, seconds / duration, speed / duration)
      latest.current.onTime?.(seconds, speed)
    }
    wavesurfer.on('ready', (duration) => {
      const url = wavesurfer.getMediaElement()?.src ?? ''
      player.current = made = new SpanPlayer(url, {
        onStart: () => made && claimPlayback(made),
        onPlaying: changePlaying,
        onTime: showTime,
        onEnd: () => latest.current.onEnd?.(),
        onFailed: () => setState('failed'),
      })
      player.current.setRate(latest.current.rate)
      setState('ready')
      latest.current.onReady?.(duration, wavesurfer.getDecodedData()?.getChannelData(0))
    })
    wavesurfer.on('error', () => setState('failed'))
    const element = container.current
    const press = ({ clientX }: MouseEvent) => {
      const { left, width } = element.getBoundingClientRect()
      made?.seek((Math.min(Math.max(clientX - left, 0), width) / width) * wavesurfer.getDuration())
    }
    element.addEventListener('click', press)
    if (veil.current) veil.current.style.transform = ''
    setState('loading')
    const loaded = typeof source === 'string' ? wavesurfer.load(source) : wavesurfer.loadBlob(source)
    loaded.catch(() => undefined) // reported by 'error', unless this player was destroyed before
    return () => {
      if (made) releasePlayback(made)
      made?.close()
      element.removeEventListener('click', press)
      playhead.stop()
      player.current = null
      setPlaying(false)
      wavesurfer.destroy()
    }
  }, [source, voice, height, dark])

  useEffect(() => player.current?.setRate(rate), [rate])

  return { container, veil, player, state, isPlaying }
}
