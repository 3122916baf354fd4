import { Flag, Pause, Play, RotateCcw, SkipForward } from 'lucide-react'
import type { Dispatch } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import type { SceneEvent } from './sceneState'

interface Props {
  isPaused: boolean
  toggle: () => void
  dispatch: Dispatch<SceneEvent>
}

export function SceneControls({ isPaused, toggle, dispatch }: Props) {
  const { t } = useTranslation()
  const Toggle = isPaused ? Play : Pause
  return (
    <div className="flex flex-wrap justify-center gap-2">
      <Button onClick={toggle}>
        <Toggle aria-hidden className="size-5" /> {t(isPaused ? 'studio.scene.resume' : 'studio.scene.pause')}
      </Button>
      <Button onClick={() => dispatch({ type: 'redone' })}>
        <RotateCcw aria-hidden className="size-5" /> {t('studio.scene.redo')}
      </Button>
      <Button onClick={() => dispatch({ type: 'skipped' })}>
        <SkipForward aria-hidden className="size-5" /> {t('studio.scene.skip')}
      </Button>
      <Button kind="ghost" onClick={() => dispatch({ type: 'left' })}>
        <Flag aria-hidden className="size-5" /> {t('studio.scene.finish')}
      </Button>
    </div>
  )
}
