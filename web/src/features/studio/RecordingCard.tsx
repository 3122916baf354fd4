import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenDetail } from '@/api'
import { Card } from '@/components/Card'
import { Waveform, type WaveformHandle } from '@/features/audio/Waveform'
import type { Take } from '@/features/takes/takes'
import { useUser } from '@/lib/session'
import { useAutoStop } from './AutoStopSwitch'
import { LiveWaveform } from './LiveWaveform'
import { MicrophoneHelp } from './MicrophoneHelp'
import { RecordPanel } from './RecordPanel'
import { SignInToRecord } from './SignInToRecord'
import { StudioOptions } from './StudioOptions'
import { TakeStatus } from './TakeStatus'
import { Track } from './Track'
import type { useRecorder } from './useRecorder'

interface Props {
  line: TokenDetail
  actorUrl: string | null
  /** My recording: a URL, or a take that is not uploaded yet. */
  mine: string | Blob | null
  take: Take | null
  add: (audio: Blob) => void
  recorder: ReturnType<typeof useRecorder>
  actorHandle: Ref<WaveformHandle>
  mineHandle: Ref<WaveformHandle>
  /** The position in the actor's audio, s; null at its end. */
  onActorTime: (seconds: number | null) => void
}

/** Both voices, and the recorder. */
export function RecordingCard(props: Props) {
  const { t } = useTranslation()
  const { take, recorder, mine } = props
  const { state, record } = recorder
  const isBusy = state.phase !== 'idle'
  return (
    <Card className="space-y-5" aria-label={t('studio.title')}>
      <ActorTrack {...props} isBusy={isBusy} />
      <Track voice="mine" title={t('studio.track.mine')}>
        <LiveWaveform isBusy={isBusy} setBox={recorder.setBox} />
        {!isBusy && mine && (
          <Waveform source={mine} voice="mine" label={t('studio.track.mine')} handle={props.mineHandle} />
        )}
        {!isBusy && !mine && <p className="text-muted">{t('studio.track.noTake')}</p>}
      </Track>
      {state.problem && <MicrophoneHelp problem={state.problem} />}
      <RecorderControls {...props} />
      {take && !isBusy && <TakeStatus take={take} again={record} />}
    </Card>
  )
}

function ActorTrack({ line, actorUrl, actorHandle, onActorTime, isBusy }: Props & { isBusy: boolean }) {
  const { t } = useTranslation()
  return (
    <Track voice="actor" title={t('studio.track.actor')} isLocked={isBusy}>
      {actorUrl ? (
        <Waveform
          source={actorUrl}
          voice="actor"
          label={line.actor.name}
          handle={actorHandle}
          onTime={onActorTime}
          onEnd={() => onActorTime(null)}
        />
      ) : (
        <p className="text-muted">{t('studio.track.noActor')}</p>
      )}
    </Track>
  )
}

function RecorderControls({ mine, add, recorder: { state, record, cancel } }: Props) {
  const user = useUser()
  const autoStop = useAutoStop()
  if (!user) return <SignInToRecord />
  const sendFile = (file: Blob) => {
    cancel()
    add(file)
  }
  return (
    <RecordPanel state={state} hasTake={mine !== null} autoStop={autoStop} record={record} cancel={cancel}>
      <StudioOptions onFile={sendFile} />
    </RecordPanel>
  )
}
