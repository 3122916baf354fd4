import { Play, Square } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { Waveform, type WaveformHandle } from '@/features/audio/Waveform'
import { actorName } from '@/lib/actors'
import { Track } from '../Track'

interface Props {
  lines: TokenSummary[]
  sounds: ReadonlyMap<number, string | null>
  recordings: ReadonlyMap<number, string | Blob>
}

interface Part {
  line: TokenSummary
  source: string | Blob
  voice: 'actor' | 'mine'
}

function partsOf({ lines, sounds, recordings }: Props): Part[] {
  return lines.flatMap((line): Part[] => {
    const recording = recordings.get(line.id)
    if (recording) return [{ line, source: recording, voice: 'mine' }]
    const sound = sounds.get(line.id)
    return sound ? [{ line, source: sound, voice: 'actor' }] : []
  })
}

/** The whole scene with my voice in it. */
export function ScenePlayback(props: Props) {
  const { t } = useTranslation()
  const [index, setIndex] = useState<number | null>(null)
  const handle = useRef<WaveformHandle>(null)
  const parts = partsOf(props)
  const part = index === null ? undefined : parts[index]
  return (
    <Card>
      <CardTitle
        aside={
          <Button kind="primary" size="small" onClick={() => setIndex(part ? null : 0)}>
            {part ? <Square aria-hidden className="size-4 fill-current" /> : <Play aria-hidden className="size-4" />}
            {t(part ? 'studio.scene.stopPlaying' : 'studio.scene.playAll')}
          </Button>
        }
      >
        {t('studio.scene.whole')}
      </CardTitle>
      {part ? (
        <div key={part.line.id} className="space-y-3">
          <p className="text-xl font-bold text-balance">{part.line.text}</p>
          <Track voice={part.voice} title={part.voice === 'mine' ? t('studio.track.mine') : actorName(part.line.actor)}>
            <Waveform
              source={part.source}
              voice={part.voice}
              label={part.line.text}
              handle={handle}
              onReady={() => handle.current?.play()}
              onEnd={() => setIndex((index ?? 0) + 1)}
            />
          </Track>
        </div>
      ) : (
        <p className="text-muted">{t('studio.scene.wholeHelp')}</p>
      )}
    </Card>
  )
}
