import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import type { Level, Loudness } from './level'
import { lackOfRecording, type MicrophoneProblem } from './microphone'
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

/** The microphone of a page: `record` begins a take, and again `record` ends its countdown or the take itself. */
export function useRecorder(onTake: (take: Blob) => void, stopsItself: boolean) {
  const [box, setBox] = useState<HTMLElement | null>(null)
  const [state, tell] = useReducer(next, IDLE)
  const current = useRef<Recording | null>(null)
  const latest = useRef({ onTake, stopsItself })
  useEffect(() => {
    latest.current = { onTake, stopsItself }
  })
  useEffect(() => () => current.current?.cancel(), [box])

  const cancel = useCallback(() => {
    current.current?.cancel()
    tell({ type: 'ended' }) // also what went wrong before
  }, [])

  const record = useCallback(() => {
    if (current.current) return current.current.advance()
    const problem = lackOfRecording()
    if (problem) return tell({ type: 'failed', problem })
    if (!box) return
    const recording = new Recording({
      box,
      stopsItself: () => latest.current.stopsItself,
      tell: (event) => {
        if (event.type === 'ended' || event.type === 'failed') current.current = null
        tell(event)
      },
      onTake: (take) => latest.current.onTake(take),
    })
    current.current = recording
    void recording.begin()
  }, [box])

  return { state, setBox, record, cancel }
}
