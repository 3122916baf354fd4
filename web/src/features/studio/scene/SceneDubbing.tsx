import { useCallback, useEffect, useMemo, useReducer, useRef, useState, type ReactNode } from 'react'
import type { ScriptAudio, ScriptDetail } from '@/api'
import { addTake } from '@/features/takes/takes'
import { useOwner } from '@/features/takes/useOwner'
import { RoleChoice } from './RoleChoice'
import { initialState, sceneReducer, type SceneLine, type SceneState } from './sceneState'
import { SceneRunner } from './SceneRunner'
import { SceneSummary } from './SceneSummary'
import { removeSummary, storedSummary, storeSummary, type StoredSummary } from './storedSummary'

const NO_JOBS = {}

interface Props {
  scene: ScriptDetail
  audio: ScriptAudio
}

/** Dubs a whole scene: choose the roles, play the dialogue, see the results. */
export function SceneDubbing({ scene, audio }: Props) {
  const owner = useOwner()
  const lines = scene.tokens
  const reduce = useMemo(() => sceneReducer(lines), [lines])
  const [earlier] = useState(() => storedSummary(scene.id, owner))
  const [state, dispatch] = useReducer(reduce, lines, (all) => openingState(all, earlier))
  const { phase, mine, takes } = state
  const keep = useCallback(
    (jobs: StoredSummary['jobs']) => {
      if (owner !== null) storeSummary(scene.id, { userId: owner, mine, takes, jobs })
    },
    [owner, scene.id, mine, takes],
  )
  useEffect(() => {
    if (phase === 'running') removeSummary(scene.id)
  }, [phase, scene.id])
  const sounds = useMemo(() => new Map(audio.lines.map((line) => [line.token_id, line.audio_url])), [audio])
  const line = lines[state.index]

  const onTake = (turn: number, take: Blob) => {
    if (owner !== null && line) dispatch({ type: 'taken', turn, key: addTake(line.id, owner, take) })
  }

  return (
    <FocusedStep key={state.phase === 'paused' ? 'running' : state.phase} isFirst={state.phase === 'choosing'}>
      {state.phase === 'choosing' ? (
        <RoleChoice lines={lines} state={state} dispatch={dispatch} />
      ) : state.phase === 'finished' ? (
        <SceneSummary
          {...{ lines, state, sounds, keep, dispatch }}
          earlierJobs={state.turn === 0 ? (earlier?.jobs ?? NO_JOBS) : NO_JOBS}
        />
      ) : (
        <SceneRunner
          lines={lines}
          language={scene.language}
          state={state}
          sounds={sounds}
          dispatch={dispatch}
          onTake={onTake}
        />
      )}
    </FocusedStep>
  )
}

/** The choice of roles, or the summary of the run before a reload. */
function openingState(lines: readonly SceneLine[], earlier: StoredSummary | null): SceneState {
  const fresh = initialState(lines)
  return earlier ? { ...fresh, phase: 'finished', mine: earlier.mine, takes: earlier.takes } : fresh
}

/** Takes the focus, since the button that was pressed is no longer there. */
function FocusedStep({ isFirst, children }: { isFirst: boolean; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isFirst) return
    box.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [isFirst])
  return (
    <div ref={box} tabIndex={-1} className="outline-none">
      {children}
    </div>
  )
}
