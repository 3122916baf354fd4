import { useEffect, useMemo, useRef, useState, type RefObject } from 'react'
import { decode } from '@/features/audio/decode'
import { durationOf, MIN_LOOP_S, type Span } from '@/features/audio/loopClip'
import { LoopPlayer } from '@/features/audio/LoopPlayer'
import type { LoopCursor, WaveformLoop } from '@/features/audio/LoopRegion'
import { useRate } from '@/features/audio/rate'
import { pausesChoice, type Pauses } from './choices'
import { phrasesOfSound, phrasesOfWords, spanAt, spanBeside, type TimedWord, type Unit } from './spans'
import type { Voice, VoiceTimes } from './voices'

/** The repeated part in the actor's time, s. `unit` is null for a part that was chosen by hand. */
export interface Loop {
  unit: Unit | null
  span: Span
}

export interface LoopOptions {
  sources: Record<Voice, string | Blob | null>
  words: readonly TimedWord[]
  times: VoiceTimes
  /** The actor's second that was heard last. */
  position: RefObject<number>
  /** Follows the loop, in the actor's time; null in the pause. */
  onTime: (actorSeconds: number | null) => void
}

/** The loop of a line: which part is repeated, in which voice, and its playback. */
export function useLoop(options: LoopOptions) {
  const playback = useLoopPlayback(options)
  const { loop, isPlaying, play, failed, unlock } = playback

  async function chooseUnit(unit: Unit, near = options.position.current) {
    unlock()
    const all = await spansOf(unit, options).catch(failed)
    const span = all?.[spanAt(all, near)]
    if (span) play({ unit, span })
  }

  async function move(step: -1 | 1) {
    if (!loop) return
    const unit = loop.unit ?? 'word'
    const all = await spansOf(unit, options).catch(failed)
    const span = all && spanBeside(all, loop.span, step)
    if (span) play({ unit, span })
  }

  /** Sets an edge of the loop to what was heard last. */
  function setEdge(edge: keyof Span) {
    const at = options.position.current
    const [from, to] = edge === 'from' ? [at, loop?.span.to ?? Infinity] : [loop?.span.from ?? 0, at]
    play({ unit: null, span: to - from >= MIN_LOOP_S ? { from, to } : { from: at, to: at + MIN_LOOP_S } })
  }

  function choosePauses(pauses: Pauses) {
    pausesChoice.set(pauses)
    if (loop && isPlaying) play(loop)
  }

  return { ...playback, chooseUnit, move, setEdge, choosePauses }
}

/** The parts of the line by unit, in the actor's time. Rejects where the sound is needed and cannot be loaded. */
async function spansOf(unit: Unit, { sources, words }: LoopOptions): Promise<readonly Span[]> {
  if (unit === 'word') return words
  if (unit === 'phrase' && words.length > 0) return phrasesOfWords(words)
  const source = sources.actor ?? sources.mine
  if (!source) return []
  const sound = await decode(source)
  return unit === 'line' ? [{ from: 0, to: durationOf(sound) }] : phrasesOfSound(sound)
}

function useLoopPlayback({ sources, times, onTime }: LoopOptions) {
  const rate = useRate()
  const [loop, setLoop] = useState<Loop | null>(null)
  const [chosenVoice, setVoice] = useState<Voice>('actor')
  const [hasFailed, setFailed] = useState(false)
  const voice = sources[chosenVoice] || !sources.mine ? chosenVoice : 'mine'
  const { player, isPlaying, cursors } = useLoopPlayer({ times, voice, onTime, onFailed: () => setFailed(true) })

  function failed() {
    player.pause()
    setFailed(true)
  }

  function play(next: Loop, by: Voice = voice, at?: number) {
    const source = sources[by]
    if (!source) return
    setFailed(false)
    setLoop(next)
    setVoice(by)
    const start = at === undefined ? {} : { at: times.timeIn(by, at) }
    const span = times.spanIn(by, next.span)
    void player.play({ source, span, pauses: pausesChoice.get(), rate, ...start })
  }

  function stop() {
    player.pause()
    setLoop(null)
  }

  function toggle(by: Voice) {
    if (!loop) return
    if (isPlaying && by === voice) player.pause()
    else play(loop, by)
  }

  const waveformLoop = (of: Voice): WaveformLoop => ({
    span: loop && times.spanIn(of, loop.span),
    isPlaying: isPlaying && voice === of,
    toggle: () => toggle(of),
    select: (span) => play({ unit: null, span: times.spanFrom(of, span) }, of),
    cursor: cursors[of],
  })

  return {
    loop,
    voice,
    setVoice,
    isPlaying,
    hasFailed,
    failed,
    unlock: () => player.unlock(),
    play,
    stop,
    toggle,
    waveformLoop,
  }
}

type PlayerOptions = Pick<LoopOptions, 'times' | 'onTime'> & { voice: Voice; onFailed: () => void }

/** The player of the loop, whose cursor runs over the waveform of its voice. */
function useLoopPlayer({ times, voice, onTime, onFailed }: PlayerOptions) {
  const rate = useRate()
  const [isPlaying, setPlaying] = useState(false)
  const [player] = useState(() => new LoopPlayer())
  const actor = useRef<LoopCursor>(null)
  const mine = useRef<LoopCursor>(null)
  const cursors = useMemo(() => ({ actor, mine }), [])
  useEffect(() => {
    const show = (seconds: number | null) => {
      cursors[voice].current?.move(seconds)
      onTime(seconds === null ? null : times.timeFrom(voice, seconds))
    }
    player.listen({
      onTime: show,
      onPlaying: (playing) => {
        setPlaying(playing)
        if (!playing) cursors[voice].current?.move(null)
      },
      onFailed,
    })
  })
  useEffect(() => player.setRate(rate), [player, rate])
  useEffect(() => () => player.close(), [player])
  return { player, isPlaying, cursors }
}
