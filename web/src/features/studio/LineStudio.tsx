import { useEffect, useMemo, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import type { AnalysisResultResponse, RecordedWords, TokenDetail } from '@/api'
import type { WaveformHandle } from '@/features/audio/Waveform'
import { KeepTake } from '@/features/guest/KeepTake'
import { useRecordingRight } from '@/features/guest/useRecordingRight'
import { practiceShortcuts } from '@/features/practice/practiceShortcuts'
import { usePractice, type Practice } from '@/features/practice/usePractice'
import { isQuota, type Take } from '@/features/takes/takes'
import { cn } from '@/lib/cn'
import { isOffline } from '@/lib/connection'
import { useGuest, useUser } from '@/lib/session'
import { AttemptView, preloadResult } from './AttemptView'
import { useAutoStop } from './AutoStopSwitch'
import { useShortcuts } from './keyboard'
import { LineHeading } from './LineHeading'
import { LineNav, neighbours } from './LineNav'
import { RecordingCard } from './RecordingCard'
import { StudioBar } from './StudioBar'
import { useStableUrl } from './useStableUrl'
import { useAttempts } from './useAttempts'
import { usePartRecorder } from './usePartRecorder'
import { useScene } from './useScene'
import { useTake } from './useTake'
import { pieceAt, piecesOf, timedWordsOf, wordsOf, type Piece } from './words'

/** The page of one line: listen to the actor, record the line, see the result. */
export function LineStudio({ line }: { line: TokenDetail }) {
  const lines = useScene(line.script_id).data?.tokens ?? []
  const attempts = useAttempts(line.id)
  const { take, add } = useTake(line.id, attempts.accept)
  const recorder = usePartRecorder(add, useAutoStop(), line.end_time - line.start_time)
  const isBusy = recorder.state.phase !== 'idle'
  useEffect(() => {
    // Without a network it is loaded with the result: some browsers do not try a file again that failed once.
    if (isBusy && !isOffline()) void preloadResult()
  }, [isBusy])
  const guest = useGuest()
  const mayRecord = useRecordingRight().kind === 'free'
  const actorUrl = useStableUrl(line.audio_url)
  const attemptUrl = useStableUrl(attempts.result.data?.user_audio_url ?? null)
  const [current, setCurrent] = useState(-1)
  const pieces = useMemo(() => piecesOf(line.text, wordsOf(attempts.timedResult)), [line.text, attempts.timedResult])
  const isNewTake = isTakeShown(take, attempts.jobId)
  const mine = isNewTake ? take.audio : attemptUrl
  const { handles, practice } = useLinePractice({
    actorUrl,
    mine,
    pieces,
    feedback: isNewTake && take.jobId === null ? null : attempts.result.data?.detailed_feedback,
    onTime: (seconds) => setCurrent(seconds === null ? -1 : pieceAt(pieces, seconds)),
  })
  const again = () => recorder.recordWords(wordsToRepeat(attempts.result.data))
  const mayStart = mayRecord || isBusy
  useStudioKeys({ line, lines, isBusy, practice, recorder, mayStart })

  return (
    <div className="space-y-6 *:mx-auto *:max-w-3xl">
      <LineNav line={line} lines={lines} />
      <LineHeading
        {...{ line, pieces, current, practice }}
        playFrom={(from) => !isBusy && handles.actor.current?.play(from)}
      />
      <RecordingCard {...{ line, actorUrl, mine, take, add, recorder, handles, practice }} />
      {/* During a dictation the words of the result would give the answer away. */}
      <div inert={isBusy} hidden={practice.isDictating} className={cn('max-w-none!', isBusy && 'opacity-40')}>
        {!isBeingSent(take) && (
          <AttemptView
            attempts={attempts}
            line={{ ...line, audio_url: actorUrl }}
            mineUrl={attemptUrl}
            newJobId={take?.jobId ?? null}
            again={again}
          >
            {guest && <KeepTake guest={guest} />}
          </AttemptView>
        )}
        {!isBusy && attempts.result.data?.status === 'completed' && (
          <StudioBar practice={practice} record={mayStart ? again : null} next={neighbours(line, lines).after} />
        )}
      </div>
    </div>
  )
}

/** The words to record again after a result; null: the whole line, also where it has changed since they were marked. */
function wordsToRepeat(result: AnalysisResultResponse | undefined): RecordedWords | null {
  return result?.error?.code === 'words_outside_line' ? null : (result?.recorded_words ?? null)
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

interface LinePractice extends Omit<Parameters<typeof usePractice>[0], 'handles' | 'words'> {
  pieces: readonly Piece[]
}

/** The practice tools of the line, and the waveforms of both voices that they control. */
function useLinePractice({ pieces, ...options }: LinePractice) {
  const actor = useRef<WaveformHandle>(null)
  const mine = useRef<WaveformHandle>(null)
  const handles = useMemo(() => ({ actor, mine }), [])
  const words = useMemo(() => timedWordsOf(pieces), [pieces])
  return { handles, practice: usePractice({ ...options, words, handles }) }
}

interface StudioKeys {
  line: TokenDetail
  lines: Parameters<typeof neighbours>[1]
  isBusy: boolean
  practice: Practice
  recorder: ReturnType<typeof usePartRecorder>
  mayStart: boolean
}

function useStudioKeys({ line, lines, isBusy, practice, recorder, mayStart }: StudioKeys) {
  const navigate = useNavigate()
  const user = useUser()
  const { before, after } = neighbours(line, lines)
  const go = (to: { id: number } | undefined) => to && (() => void navigate(`/lines/${to.id}`))
  const shortcuts = {
    ...practiceShortcuts(practice),
    KeyL: () => practice.toggle('actor'),
    KeyR: () => practice.toggle('mine'),
    ArrowLeft: go(before),
    ArrowRight: go(after),
    KeyE: user && practice.marked ? () => recorder.recordWords(practice.marked) : undefined,
  }
  const { record, cancel } = recorder
  useShortcuts({ ...(isBusy ? { Escape: cancel } : shortcuts), Space: mayStart ? record : undefined })
}
