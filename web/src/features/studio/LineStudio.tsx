import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { TokenDetail } from '@/api'
import { Card } from '@/components/Card'
import { Waveform, type WaveformHandle } from '@/features/audio/Waveform'
import { isQuota, type Take } from '@/features/takes/takes'
import { cn } from '@/lib/cn'
import { useUser } from '@/lib/session'
import { AttemptView } from './AttemptView'
import { useAutoStop } from './AutoStopSwitch'
import { useShortcuts } from './keyboard'
import { LineHeading } from './LineHeading'
import { LineNav, neighbours } from './LineNav'
import { LiveWaveform } from './LiveWaveform'
import { MicrophoneHelp } from './MicrophoneHelp'
import { RecordPanel } from './RecordPanel'
import { TakeStatus } from './TakeStatus'
import { SignInToRecord } from './SignInToRecord'
import { useStableUrl } from './useStableUrl'
import { StudioOptions } from './StudioOptions'
import { Track } from './Track'
import { useAttempts } from './useAttempts'
import { useRecorder } from './useRecorder'
import { useScene } from './useScene'
import { useTake } from './useTake'
import { pieceAt, piecesOf, wordsOf } from './words'

/** Where a line is listened to, recorded and judged. */
export function LineStudio({ line }: { line: TokenDetail }) {
  const { t } = useTranslation()
  const user = useUser()
  const lines = useScene(line.script_id).data?.tokens ?? []
  const attempts = useAttempts(line.id)
  const { take, add } = useTake(line.id, attempts.choose)
  const autoStop = useAutoStop()
  const { state, setBox, record, cancel } = useRecorder(add, autoStop)
  const send = (file: Blob) => {
    cancel()
    add(file)
  }
  const isBusy = state.phase !== 'idle'
  const actorUrl = useStableUrl(line.audio_url)
  const attemptUrl = useStableUrl(attempts.result.data?.user_audio_url ?? null)
  const isTakeShown = take !== null && isAudible(take) && (take.jobId === null || take.jobId === attempts.jobId)
  // What an earlier take was worth would be taken for the new one's result.
  const isBeingSent = take !== null && (take.state === 'waiting' || take.state === 'sending') && take.failures === 0
  const mine = isTakeShown ? take.audio : attemptUrl
  const actor = useRef<WaveformHandle>(null)
  const me = useRef<WaveformHandle>(null)
  const [current, setCurrent] = useState(-1)
  const pieces = piecesOf(line.text, wordsOf(attempts.timedResult))
  useStudioKeys({ line, lines, isBusy, record, cancel, actor, me })

  return (
    <div className="space-y-6 *:mx-auto *:max-w-3xl">
      <LineNav line={line} lines={lines} />
      <LineHeading
        line={line}
        pieces={pieces}
        current={current}
        playFrom={(from) => !isBusy && actor.current?.play(from)}
      />
      <Card className="space-y-5" aria-label={t('studio.title')}>
        <Track voice="actor" title={t('studio.track.actor')} isLocked={isBusy}>
          {actorUrl ? (
            <Waveform
              source={actorUrl}
              voice="actor"
              label={line.actor.name}
              handle={actor}
              onTime={(seconds) => setCurrent(pieceAt(pieces, seconds))}
              onEnd={() => setCurrent(-1)}
            />
          ) : (
            <p className="text-muted">{t('studio.track.noActor')}</p>
          )}
        </Track>
        <Track voice="mine" title={t('studio.track.mine')}>
          <LiveWaveform isBusy={isBusy} setBox={setBox} />
          {!isBusy && mine && <Waveform source={mine} voice="mine" label={t('studio.track.mine')} handle={me} />}
          {!isBusy && !mine && <p className="text-muted">{t('studio.track.noTake')}</p>}
        </Track>
        {state.problem && <MicrophoneHelp problem={state.problem} />}
        {user ? (
          <RecordPanel state={state} hasTake={mine !== null} autoStop={autoStop} record={record} cancel={cancel}>
            <StudioOptions onFile={send} />
          </RecordPanel>
        ) : (
          <SignInToRecord />
        )}
        {take && !isBusy && <TakeStatus take={take} again={record} />}
      </Card>
      <div inert={isBusy} className={cn('max-w-none!', isBusy && 'opacity-40')}>
        {!isBeingSent && (
          <AttemptView
            attempts={attempts}
            line={{ ...line, audio_url: actorUrl }}
            mineUrl={attemptUrl}
            newJobId={take?.jobId ?? null}
            again={record}
          />
        )}
      </div>
    </div>
  )
}

/** What was refused may be no sound at all. */
function isAudible(take: Take): boolean {
  return take.state !== 'refused' || isQuota(take.error)
}

interface StudioKeys {
  line: TokenDetail
  lines: Parameters<typeof neighbours>[1]
  isBusy: boolean
  record: () => void
  cancel: () => void
  actor: React.RefObject<WaveformHandle | null>
  me: React.RefObject<WaveformHandle | null>
}

function useStudioKeys({ line, lines, isBusy, record, cancel, actor, me }: StudioKeys) {
  const navigate = useNavigate()
  const user = useUser()
  const { before, after } = neighbours(line, lines)
  const go = (to: { id: number } | undefined) => to && (() => void navigate(`/lines/${to.id}`))
  useShortcuts({
    Space: user ? record : undefined,
    Escape: isBusy ? cancel : undefined,
    KeyL: isBusy ? undefined : () => actor.current?.toggle(),
    KeyR: isBusy ? undefined : () => me.current?.toggle(),
    ArrowLeft: isBusy ? undefined : go(before),
    ArrowRight: isBusy ? undefined : go(after),
  })
}
