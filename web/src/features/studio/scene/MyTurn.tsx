import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { useAutoStop } from '../AutoStopSwitch'
import { useShortcuts } from '../keyboard'
import { LiveWaveform } from '../LiveWaveform'
import { MicrophoneHelp } from '../MicrophoneHelp'
import { RecordPanel } from '../RecordPanel'
import { Track } from '../Track'
import { useRecorder } from '../useRecorder'

/** A line that I say: recording starts automatically. */
export function MyTurn({ line, onTake }: { line: TokenSummary; onTake: (take: Blob) => void }) {
  const { t } = useTranslation()
  const autoStop = useAutoStop()
  const { state, record, cancel } = useRecorder(onTake, autoStop, line.end_time - line.start_time)
  useEffect(() => {
    record()
  }, [record])
  useShortcuts({ Space: record })
  return (
    <div className="space-y-4">
      <Track voice="mine" title={t('studio.scene.myTurn')}>
        <LiveWaveform isBusy={state.phase !== 'idle'} peaks={state.peaks} />
        {state.problem && <MicrophoneHelp problem={state.problem} />}
      </Track>
      <RecordPanel state={state} hasTake={false} autoStop={autoStop} record={record} cancel={cancel} />
    </div>
  )
}
