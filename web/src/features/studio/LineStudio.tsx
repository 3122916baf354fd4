import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import type { TokenDetail } from '@/api'
import type { WaveformHandle } from '@/features/audio/Waveform'
import { isQuota, type Take } from '@/features/takes/takes'
import { cn } from '@/lib/cn'
import { useUser } from '@/lib/session'
import { AttemptView } from './AttemptView'
import { useAutoStop } from './AutoStopSwitch'
import { useShortcuts } from './keyboard'
import { LineHeading } from './LineHeading'
import { LineNav, neighbours } from './LineNav'
import { RecordingCard } from './RecordingCard'
import { useStableUrl } from './useStableUrl'
import { useAttempts } from './useAttempts'
import { useRecorder } from './useRecorder'
import { useScene } from './useScene'
import { useTake } from './useTake'
import { pieceAt, piecesOf, wordsOf } from './words'

/** The page of one line: listen to the actor, record the line, see the result. */
export function LineStudio({ line }: { line: TokenDetail }) {
  const lines = useScene(line.script_id).data?.tokens ?? []
  const attempts = useAttempts(line.id)
  const { take, add } = useTake(line.id, attempts.choose)
  const recorder = useRecorder(add, useAutoStop())
  const isBusy = recorder.state.phase !== 'idle'
  const actorUrl = useStableUrl(line.audio_url)
  const attemptUrl = useStableUrl(attempts.result.data?.user_audio_url ?? null)
  const actorHandle = useRef<WaveformHandle>(null)
  const mineHandle = useRef<WaveformHandle>(null)
  const [current, setCurrent] = useState(-1)
  const pieces = piecesOf(line.text, wordsOf(attempts.timedResult))
  useStudioKeys({ line, lines, isBusy, record: recorder.record, cancel: recorder.cancel, actorHandle, mineHandle })

  return (
    <div className="space-y-6 *:mx-auto *:max-w-3xl">
      <LineNav line={line} lines={lines} />
      <LineHeading {...{ line, pieces, current }} playFrom={(from) => !isBusy && actorHandle.current?.play(from)} />
      <RecordingCard
        {...{ line, actorUrl, take, add, recorder, actorHandle, mineHandle }}
        mine={isTakeShown(take, attempts.jobId) ? take.audio : attemptUrl}
        onActorTime={(seconds) => setCurrent(seconds === null ? -1 : pieceAt(pieces, seconds))}
      />
      <div inert={isBusy} className={cn('max-w-none!', isBusy && 'opacity-40')}>
        {!isBeingSent(take) && (
          <AttemptView
            attempts={attempts}
            line={{ ...line, audio_url: actorUrl }}
            mineUrl={attemptUrl}
            newJobId={take?.jobId ?? null}
            again={recorder.record}
          />
        )}
      </div>
    </div>
  )
}

/** Whether to play the new take instead of the attempt; a refused take may contain no audio at all. */
function isTakeShown(take: Take | null, shownJobId: string | null): take is Take {
  if (take === null || (take.state === 'refused' && !isQuota(take.error))) return false
  return take.jobId === null || take.jobId === shownJobId
}

/** While a take is sent, no result is shown: that of an earlier take would look like the new one's. */
function isBeingSent(take: Take | null): boolean {
  return take !== null && (take.state === 'waiting' || take.state === 'sending') && take.failures === 0
}

interface StudioKeys {
  line: TokenDetail
  lines: Parameters<typeof neighbours>[1]
  isBusy: boolean
  record: () => void
  cancel: () => void
  actorHandle: React.RefObject<WaveformHandle | null>
  mineHandle: React.RefObject<WaveformHandle | null>
}

function useStudioKeys({ line, lines, isBusy, record, cancel, actorHandle, mineHandle }: StudioKeys) {
  const navigate = useNavigate()
  const user = useUser()
  const { before, after } = neighbours(line, lines)
  const go = (to: { id: number } | undefined) => to && (() => void navigate(`/lines/${to.id}`))
  useShortcuts({
    Space: user ? record : undefined,
    Escape: isBusy ? cancel : undefined,
    KeyL: isBusy ? undefined : () => actorHandle.current?.toggle(),
    KeyR: isBusy ? undefined : () => mineHandle.current?.toggle(),
    ArrowLeft: isBusy ? undefined : go(before),
    ArrowRight: isBusy ? undefined : go(after),
  })
}
