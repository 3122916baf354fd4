import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { Waveform, type WaveformHandle } from '@/features/audio/Waveform'
import { actorName } from '@/lib/actors'
import { useShortcuts } from '../keyboard'
import { Track } from '../Track'

interface Props {
  line: TokenSummary
  sound: string | null
  onEnd: () => void
}

/** A line that the actor says, played automatically. */
export function ActorTurn({ line, sound, onEnd }: Props) {
  const { t } = useTranslation()
  const handle = useRef<WaveformHandle>(null)
  useShortcuts({ Space: () => handle.current?.toggle() })
  return (
    <Track voice="actor" title={t('studio.scene.actorsTurn', { name: actorName(line.actor) })}>
      {sound ? (
        <Waveform
          source={sound}
          voice="actor"
          label={actorName(line.actor)}
          handle={handle}
          onReady={() => handle.current?.play()}
          onEnd={onEnd}
        />
      ) : (
        <SilentLine seconds={line.end_time - line.start_time} onEnd={onEnd} />
      )}
    </Track>
  )
}

/** A line without audio; it lasts as long as in the film. */
function SilentLine({ seconds, onEnd }: { seconds: number; onEnd: () => void }) {
  const { t } = useTranslation()
  const latest = useRef(onEnd)
  useEffect(() => {
    latest.current = onEnd
  })
  useEffect(() => {
    const timer = window.setTimeout(() => latest.current(), seconds * 1000)
    return () => window.clearTimeout(timer)
  }, [seconds])
  return <p className="text-muted">{t('studio.track.noActor')}</p>
}
