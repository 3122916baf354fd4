import { useCallback, useEffect, useReducer, useRef } from 'react'
import { closeHeadphonesHint } from './HeadphonesHint'
import type { Level, Loudness } from './level'
import { recordingSupportProblem, type MicrophoneProblem } from './microphone'
import { chosenMicrophone } from './microphoneChoice'
import { Recording, type RecordingEvent } from './recording'
import type { RecordingHint } from './recordingHelp'

export interface RecorderState {
  phase: 'idle' | 'opening' | 'counting' | 'recording'
  left: number
  level: Level
  loudness: Loudness
  elapsedS: number
  hasSpoken: boolean
  hint: RecordingHint | null
  /** The latest peaks, 0–1, one for each level. */
  peaks: readonly number[]
  problem: MicrophoneProblem | null
}

/** Enough for the widest waveform. */
const PEAKS = 300

const IDLE: RecorderState = {
  phase: 'idle',
  left: 0,
  level: { rms: -100, peak: 0 },
  loudness: 'none',
  elapsedS: 0,
  hasSpoken: false,
  hint: null,
  peaks: [],
  problem: null,
}

function next(state: RecorderState, event: RecordingEvent): RecorderState {
  switch (event.type) {
    case 'opening':
      return { ...IDLE, phase: 'opening' }
    case 'counting':
      return { ...state, phase: 'counting', left: event.left }
    case 'recording':
      return { ...state, phase: 'recording', hasSpoken: false, peaks: [] }
    case 'level':
      return { ...state, ...event, peaks: [...state.peaks, event.level.peak].slice(-PEAKS) }
    case 'ended':
      return IDLE
    case 'failed':
      return { ...IDLE, problem: event.problem }
  }
}

/**
 * The recorder of a page: `record` starts a take; a second call skips the countdown, a third stops the take. `lineS` is
 * the length of the line, s.
 */
export function useRecorder(onTake: (take: Blob) => void, autoStop: boolean, lineS: number) {
  const [state, onEvent] = useReducer(next, IDLE)
  const current = useRef<Recording | null>(null)
  const latest = useRef({ onTake, autoStop, lineS })
  useEffect(() => {
    latest.current = { onTake, autoStop, lineS }
  })
  useEffect(() => () => current.current?.cancel(), [])

  const cancel = useCallback(() => {
    current.current?.cancel()
    onEvent({ type: 'ended' }) // also clears an earlier problem
  }, [])

  const record = useCallback(() => {
    if (current.current) return current.current.advance()
    const problem = recordingSupportProblem()
    if (problem) return onEvent({ type: 'failed', problem })
    const recording = new Recording({
      deviceId: chosenMicrophone(),
      lineS: latest.current.lineS,
      isAutoStop: () => latest.current.autoStop,
      onEvent: (event) => {
        if (event.type === 'ended' || event.type === 'failed') current.current = null
        onEvent(event)
      },
      onTake: (take) => {
        closeHeadphonesHint()
        latest.current.onTake(take)
      },
    })
    current.current = recording
    void recording.begin()
  }, [])

  return { state, record, cancel }
}
