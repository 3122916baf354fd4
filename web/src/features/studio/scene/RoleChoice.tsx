import { Check, Clapperboard } from 'lucide-react'
import type { Dispatch } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { actorName } from '@/lib/actors'
import { cn } from '@/lib/cn'
import { useUser } from '@/lib/session'
import { AutoStopSwitch } from '../AutoStopSwitch'
import { HeadphonesHint } from '../HeadphonesHint'
import { MicrophoneChoice } from '../MicrophoneChoice'
import { SignInToRecord } from '../SignInToRecord'
import { SceneKeys } from './SceneKeys'
import type { SceneEvent, SceneState } from './sceneState'

interface Props {
  lines: TokenSummary[]
  state: SceneState
  dispatch: Dispatch<SceneEvent>
}

/** The choice of the actors to play. */
export function RoleChoice({ lines, state, dispatch }: Props) {
  const { t } = useTranslation()
  const user = useUser()
  const actors = [...new Map(lines.map(({ actor }) => [actor.id, actor])).values()]
  return (
    <Card>
      <CardTitle>{t('studio.scene.chooseRole')}</CardTitle>
      <p className="mb-5 text-muted">{t('studio.scene.instructions')}</p>
      <div role="group" aria-label={t('studio.scene.chooseRole')} className="mb-8 grid gap-3 sm:grid-cols-2">
        {actors.map((actor) => (
          <ActorCard
            key={actor.id}
            name={actorName(actor)}
            count={lines.filter((line) => line.actor.id === actor.id).length}
            isChosen={state.mine.includes(actor.id)}
            onPress={() => dispatch({ type: 'chosen', actorId: actor.id })}
          />
        ))}
      </div>
      {user ? (
        <div className="flex flex-col items-center gap-4">
          <Button
            kind="record"
            size="large"
            disabled={state.mine.length === 0}
            onClick={() => dispatch({ type: 'begun' })}
          >
            <Clapperboard aria-hidden /> {t('studio.scene.begin')}
          </Button>
          <HeadphonesHint />
          <div className="flex flex-wrap items-center justify-center gap-4">
            <AutoStopSwitch />
            <MicrophoneChoice moment={null} />
            <SceneKeys />
          </div>
        </div>
      ) : (
        <SignInToRecord />
      )}
    </Card>
  )
}

function ActorCard(props: { name: string; count: number; isChosen: boolean; onPress: () => void }) {
  const { name, count, isChosen, onPress } = props
  const { t } = useTranslation()
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onPress}
      className={cn(
        'flex items-center gap-4 rounded-2xl border-2 p-4 text-left transition-colors',
        isChosen ? 'border-mine bg-mine/10' : 'border-line hover:bg-raised',
      )}
    >
      <span
        aria-hidden
        className={cn(
          'flex size-8 shrink-0 items-center justify-center rounded-full border-2',
          isChosen ? 'border-mine bg-mine text-surface' : 'border-muted',
        )}
      >
        {isChosen && <Check className="size-5" />}
      </span>
      <span>
        <span className="block font-bold">{name}</span>
        <span className="block text-sm text-muted">{t('studio.scene.lines', { count })}</span>
      </span>
    </button>
  )
}
