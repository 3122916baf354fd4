import { useMemo, useRef, useState, type RefObject } from 'react'
import type { WaveformHandle } from '@/features/audio/Waveform'
import { useRate } from '@/features/audio/rate'
import { textChoice } from './choices'
import { wordsWithin, type TimedWord } from './spans'
import { useLoop } from './useLoop'
import { voiceTimes, type Voice } from './voices'

interface Options {
  actorUrl: string | null
  mine: string | Blob | null
  /** The result of `mine`, which says when each word is spoken; unknown before it is scored. */
  feedback: unknown
  words: readonly TimedWord[]
  handles: Record<Voice, RefObject<WaveformHandle | null>>
  /** Follows what is heard, in the actor's time; null in a pause and at the end. */
  onTime: (actorSeconds: number | null) => void
}

export type Practice = ReturnType<typeof usePractice>

/** Practice with one line: slow playback, loops, switching between both voices, hidden text, dictation. */
export function usePractice({ actorUrl, mine, feedback, words, handles, onTime }: Options) {
  const rate = useRate()
  const textMode = textChoice.use()
  const [isDictating, setDictating] = useState(false)
  const position = useRef(0)
  const times = useMemo(() => voiceTimes(feedback), [feedback])
  const sources = { actor: actorUrl, mine }

  function follow(actorSeconds: number | null) {
    if (actorSeconds !== null) position.current = actorSeconds
    onTime(actorSeconds)
  }

  const loop = useLoop({ sources, words, times, position, onTime: follow })

  /** Plays the other voice at the same place of the line. */
  function switchVoice() {
    const other = loop.voice === 'actor' ? 'mine' : 'actor'
    if (!sources[other]) return
    const at = position.current
    if (loop.loop) return loop.play(loop.loop, other, at)
    loop.setVoice(other)
    handles[other].current?.play(times.timeIn(other, at))
  }

  /** Plays or pauses a voice: the loop where there is one. */
  function toggle(voice: Voice) {
    if (loop.loop) return loop.toggle(voice)
    handles[voice].current?.toggle()
  }

  return {
    ...loop,
    /** The words of the repeated part, where it is less than the line. */
    marked: loop.loop && loop.loop.unit !== 'line' ? wordsWithin(words, loop.loop.span) : null,
    rate,
    sources,
    words,
    hasWords: words.length > 0,
    isDictating,
    setDictating,
    textMode: isDictating ? ('hidden' as const) : textMode,
    switchVoice,
    toggle,
    /** The handlers of a waveform. */
    heard: (voice: Voice) => ({
      onTime: (seconds: number) => follow(times.timeFrom(voice, seconds)),
      onPlaying: (isPlaying: boolean) => isPlaying && loop.setVoice(voice),
      onEnd: () => onTime(null),
    }),
  }
}
