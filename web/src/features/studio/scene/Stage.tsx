import { Flag, Pause, Play, RotateCcw, SkipForward } from 'lucide-react'
import type { Dispatch } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { useShortcuts } from '../keyboard'
import { ActorsTurn } from './ActorsTurn'
import { Dialogue } from './Dialogue'
import { MyTurn } from './MyTurn'
import { isMine, type SceneEvent, type SceneState } from './scene'

interface Props {
  lines: TokenSummary[]
  language: string
  state: SceneState
  sounds: ReadonlyMap<number, string | null>
  dispatch: Dispatch<SceneEvent>
  onTake: (turn: number, take: Blob) => void
}

/** The running dialogue. A line starts anew with every turn, so pausing breaks it off. */
export function Stage({ lines, language, state, sounds, dispatch, onTake }: Props) {
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
      <Dialogue lines={lines} language={language} state={state} />
      <Card className="min-h-56">
        {isPaused ? (
          <p className="py-12 text-center text-lg font-bold">{t('studio.scene.paused')}</p>
        ) : isMine(state, line) ? (
          <MyTurn key={turn} onTake={(take) => onTake(turn, take)} />
        ) : (
          <ActorsTurn key={turn} line={line} sound={sounds.get(line.id) ?? null} onEnd={() => dispatch({ type: 'heard', turn })} />
        )}
      </Card>
      <div className="flex flex-wrap justify-center gap-2">
        <Button onClick={toggle}>
          {isPaused ? <Play aria-hidden className="size-5" /> : <Pause aria-hidden className="size-5" />}
          {t(isPaused ? 'studio.scene.resume' : 'studio.scene.pause')}
        </Button>
        <Button onClick={() => dispatch({ type: 'redone' })}>
          <RotateCcw aria-hidden className="size-5" /> {t('studio.scene.redo')}
        </Button>
        <Button onClick={() => dispatch({ type: 'skipped' })}>
          <SkipForward aria-hidden className="size-5" /> {t('studio.scene.skip')}
        </Button>
        <Button kind="ghost" onClick={() => dispatch({ type: 'left' })}>
          <Flag aria-hidden className="size-5" /> {t('studio.scene.leave')}
        </Button>
      </div>
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
        <div className="h-full origin-left rounded-full bg-mine transition-transform" style={{ transform: `scaleX(${index / count})` }} />
      </div>
      <span className="text-sm text-muted tabular-nums">
        {index + 1} / {count}
      </span>
    </div>
  )
}
