import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import type { Level, Loudness } from './level'
import { recordingSupportProblem, type MicrophoneProblem } from './microphone'
import { Recording, type RecordingEvent } from './recording'

export interface RecorderState {
  phase: 'idle' | 'opening' | 'counting' | 'recording'
  left: number
  level: Level
  loudness: Loudness
  elapsedS: number
  hasSpoken: boolean
  problem: MicrophoneProblem | null
}

const IDLE: RecorderState = {
  phase: 'idle',
  left: 0,
  level: { rms: -100, peak: 0 },
  loudness: 'none',
  elapsedS: 0,
  hasSpoken: false,
  problem: null,
}

function next(state: RecorderState, event: RecordingEvent): RecorderState {
  switch (event.type) {
    case 'opening':
      return { ...IDLE, phase: 'opening' }
    case 'counting':
      return { ...state, phase: 'counting', left: event.left }
    case 'recording':
      return { ...state, phase: 'recording', hasSpoken: false }
    case 'level':
      return { ...state, ...event }
    case 'ended':
      return IDLE
    case 'failed':
      return { ...IDLE, problem: event.problem }
  }
}

/** The recorder of a page: `record` starts a take; a second call skips the countdown, a third stops the take. */
export function useRecorder(onTake: (take: Blob) => void, autoStop: boolean) {
  const [box, setBox] = useState<HTMLElement | null>(null)
  const [state, onEvent] = useReducer(next, IDLE)
  const current = useRef<Recording | null>(null)
  const latest = useRef({ onTake, autoStop })
  useEffect(() => {
    latest.current = { onTake, autoStop }
  })
  useEffect(() => () => current.current?.cancel(), [box])

  const cancel = useCallback(() => {
    current.current?.cancel()
    onEvent({ type: 'ended' }) // also clears an earlier problem
  }, [])

  const record = useCallback(() => {
    if (current.current) return current.current.advance()
    const problem = recordingSupportProblem()
    if (problem) return onEvent({ type: 'failed', problem })
    if (!box) return
    const recording = new Recording({
      box,
      isAutoStop: () => latest.current.autoStop,
      onEvent: (event) => {
        if (event.type === 'ended' || event.type === 'failed') current.current = null
        onEvent(event)
      },
      onTake: (take) => latest.current.onTake(take),
    })
    current.current = recording
    void recording.begin()
  }, [box])

  return { state, setBox, record, cancel }
}
