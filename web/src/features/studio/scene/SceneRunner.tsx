import type { Dispatch } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { Card } from '@/components/Card'
import { useShortcuts } from '../keyboard'
import { ActorTurn } from './ActorTurn'
import { CurrentLine, UpcomingLines } from './SceneLines'
import { MyTurn } from './MyTurn'
import { isMine, type SceneEvent, type SceneState } from './sceneState'
import { SceneControls } from './SceneControls'

interface Props {
  lines: TokenSummary[]
  language: string
  state: SceneState
  sounds: ReadonlyMap<number, string | null>
  dispatch: Dispatch<SceneEvent>
  onTake: (turn: number, take: Blob) => void
}

/** The running dialogue. Each turn starts its line from the beginning, so pausing aborts the line. */
export function SceneRunner({ lines, language, state, sounds, dispatch, onTake }: Props) {
  const { t } = useTranslation()
  const { turn, index } = state
  const line = lines[index]
  const isPaused = state.phase === 'paused'
  const toggle = () => dispatch({ type: isPaused ? 'resumed' : 'paused' })
  useShortcuts({
    KeyP: toggle,
    KeyS: () => dispatch({ type: 'skipped' }),
    KeyR: () => dispatch({ type: 'redone' }),
    ...(isPaused && { Space: toggle }),
  })
  if (!line) return null
  return (
    <div className="space-y-6">
      <SceneProgress index={index} count={lines.length} />
      <CurrentLine line={line} language={language} isMine={isMine(state, line)} />
      <Card className="flex min-h-84 flex-col justify-center">
        {isPaused ? (
          <p className="text-center text-lg font-bold">{t('studio.scene.paused')}</p>
        ) : isMine(state, line) ? (
          <MyTurn key={turn} line={line} onTake={(take) => onTake(turn, take)} />
        ) : (
          <ActorTurn
            key={turn}
            line={line}
            sound={sounds.get(line.id) ?? null}
            onEnd={() => dispatch({ type: 'heard', turn })}
          />
        )}
      </Card>
      <SceneControls isPaused={isPaused} toggle={toggle} dispatch={dispatch} />
      <UpcomingLines
        lines={lines.slice(index + 1, index + 3).map((next) => ({ line: next, language, isMine: isMine(state, next) }))}
      />
    </div>
  )
}

function SceneProgress({ index, count }: { index: number; count: number }) {
  const { t } = useTranslation()
  return (
    <div className="flex items-center gap-3">
      <div
        role="progressbar"
        aria-label={t('studio.scene.progress')}
        aria-valuemin={0}
        aria-valuemax={count}
        aria-valuenow={index}
        className="h-2 flex-1 overflow-hidden rounded-full bg-raised"
      >
        <div
          className="h-full origin-left rounded-full bg-mine transition-transform"
          style={{ transform: `scaleX(${index / count})` }}
        />
      </div>
      <span className="text-sm text-muted tabular-nums">
        {index + 1} / {count}
      </span>
    </div>
  )
}
