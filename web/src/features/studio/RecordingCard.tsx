import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenDetail } from '@/api'
import { Card } from '@/components/Card'
import { Waveform, type WaveformHandle } from '@/features/audio/Waveform'
import { AskToRecord } from '@/features/guest/AskToRecord'
import { useRecordingRight } from '@/features/guest/useRecordingRight'
import { PracticeTools } from '@/features/practice/PracticeTools'
import { textOf } from '@/features/practice/spans'
import type { Practice } from '@/features/practice/usePractice'
import type { Voice } from '@/features/practice/voices'
import type { Take } from '@/features/takes/takes'
import { actorName } from '@/lib/actors'
import { cn } from '@/lib/cn'
import { useUser } from '@/lib/session'
import { useAutoStop } from './AutoStopSwitch'
import { HeadphonesHint } from './HeadphonesHint'
import { LiveWaveform } from './LiveWaveform'
import { MicrophoneHelp } from './MicrophoneHelp'
import { RecordPanel } from './RecordPanel'
import { SignInToRecord } from './SignInToRecord'
import { StudioKeys } from './StudioKeys'
import { StudioOptions } from './StudioOptions'
import { TakeStatus } from './TakeStatus'
import { Track } from './Track'
import type { usePartRecorder } from './usePartRecorder'

interface Props {
  line: TokenDetail
  actorUrl: string | null
  /** My recording: a URL, or a take that is not uploaded yet. */
  mine: string | Blob | null
  take: Take | null
  add: (audio: Blob) => void
  recorder: ReturnType<typeof usePartRecorder>
  handles: Record<Voice, RefObject<WaveformHandle | null>>
  practice: Practice
}

/** Both voices, and the recorder. */
export function RecordingCard(props: Props) {
  const { t } = useTranslation()
  const { take, recorder, mine } = props
  const user = useUser()
  const { state } = recorder
  const isBusy = state.phase !== 'idle'
  return (
    <Card className="space-y-5" aria-label={t('studio.title')}>
      <ActorTrack {...props} isBusy={isBusy} />
      <Track voice="mine" title={t('studio.track.mine')}>
        <LiveWaveform isBusy={isBusy} peaks={state.peaks} />
        {!isBusy && mine && <PracticeWaveform {...props} source={mine} voice="mine" label={t('studio.track.mine')} />}
        {!isBusy && !mine && <p className="text-muted">{t('studio.track.noTake')}</p>}
      </Track>
      <div inert={isBusy} className={cn(isBusy && 'opacity-40')}>
        <PracticeTools
          practice={props.practice}
          line={props.line.text}
          language={props.line.script.language}
          recordWords={user ? () => recorder.recordWords(props.practice.marked) : null}
        />
      </div>
      {recorder.words && (
        <p role="status" className="text-center font-semibold">
          {t('practice.record.only', { words: textOf(props.practice.words, recorder.words) })}
        </p>
      )}
      {state.problem && <MicrophoneHelp problem={state.problem} />}
      {!isBusy && <HeadphonesHint />}
      <RecorderControls {...props} />
      {take && !isBusy && <TakeStatus take={take} again={() => recorder.recordWords(take.words)} />}
    </Card>
  )
}

function ActorTrack({ isBusy, ...props }: Props & { isBusy: boolean }) {
  const { t } = useTranslation()
  const { actorUrl, line } = props
  return (
    <Track voice="actor" title={t('studio.track.actor')} isLocked={isBusy}>
      {actorUrl ? (
        <PracticeWaveform {...props} source={actorUrl} voice="actor" label={actorName(line.actor)} />
      ) : (
        <p className="text-muted">{t('studio.track.noActor')}</p>
      )}
    </Track>
  )
}

interface PracticeWaveformProps extends Pick<Props, 'practice' | 'handles'> {
  source: string | Blob
  voice: Voice
  label: string
}

/** A waveform at the chosen rate, in which a part can be chosen and repeated. */
function PracticeWaveform({ practice, handles, source, voice, label }: PracticeWaveformProps) {
  return (
    <Waveform
      {...{ source, voice, label }}
      rate={practice.rate}
      loop={practice.waveformLoop(voice)}
      handle={handles[voice]}
      {...practice.heard(voice)}
    />
  )
}

function RecorderControls({ mine, add, recorder: { state, record, cancel } }: Props) {
  const right = useRecordingRight()
  const autoStop = useAutoStop()
  if (state.phase === 'idle' && right.kind !== 'free') {
    return (
      <div className="flex flex-col items-center gap-2">
        {right.kind === 'ask' && <AskToRecord count={right.left} record={record} />}
        {right.kind === 'sign-in' && <SignInToRecord />}
        {right.kind === 'used-up' && <SignInToRecord isUsedUp />}
        <StudioKeys />
      </div>
    )
  }
  const sendFile = (file: Blob) => {
    cancel()
    add(file)
  }
  return (
    <RecordPanel state={state} hasTake={mine !== null} autoStop={autoStop} record={record} cancel={cancel}>
      <StudioOptions onFile={sendFile} moment={state.phase} />
    </RecordPanel>
  )
}
