import { useEffect, useMemo, useReducer, useRef, type ReactNode } from 'react'
import type { ScriptAudio, ScriptDetail } from '@/api'
import { addTake } from '@/features/takes/takes'
import { useOwner } from '@/features/takes/useOwner'
import { Casting } from './Casting'
import { firstState, sceneReducer } from './scene'
import { Stage } from './Stage'
import { Summary } from './Summary'

interface Props {
  scene: ScriptDetail
  audio: ScriptAudio
}

/** A scene dubbed in one go: who I am, the dialogue, and what came of it. */
export function Dubbing({ scene, audio }: Props) {
  const owner = useOwner()
  const lines = scene.tokens
  const reduce = useMemo(() => sceneReducer(lines), [lines])
  const [state, dispatch] = useReducer(reduce, lines, firstState)
  const sounds = useMemo(() => new Map(audio.lines.map((line) => [line.token_id, line.audio_url])), [audio])
  const line = lines[state.index]

  const onTake = (turn: number, take: Blob) => {
    if (owner !== null && line) dispatch({ type: 'taken', turn, key: addTake(line.id, owner, take) })
  }

  return (
    <Part key={state.phase === 'paused' ? 'running' : state.phase} isFirst={state.phase === 'choosing'}>
      {state.phase === 'choosing' ? (
        <Casting lines={lines} state={state} dispatch={dispatch} />
      ) : state.phase === 'finished' ? (
        <Summary lines={lines} state={state} sounds={sounds} dispatch={dispatch} />
      ) : (
        <Stage
          lines={lines}
          language={scene.language}
          state={state}
          sounds={sounds}
          dispatch={dispatch}
          onTake={onTake}
        />
      )}
    </Part>
  )
}

/** Takes the focus, since the button that led here is gone. */
function Part({ isFirst, children }: { isFirst: boolean; children: ReactNode }) {
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
