import { Play } from 'lucide-react'
import { useState, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { useRate } from '@/features/audio/rate'
import { Waveform, type WaveformHandle } from '@/features/audio/Waveform'
import type { Word } from './parseFeedback'

export interface PlaybackProps {
  /** The language of the script. */
  language: string
  selected: number
  /** Shows a word and plays it. */
  onPlay: (voice: 'mine' | 'actor', index: number) => void
  mineUrl: string | null
  actorUrl: string | null
  mineHandle: Ref<WaveformHandle>
  actorHandle: Ref<WaveformHandle>
  onTime: (voice: 'mine' | 'actor', seconds: number, speed: number) => void
}

type Props = PlaybackProps & { word: Word | undefined }

/** The selected word in both voices side by side, and both takes as a whole. */
export function WordPlayback({ word, onTime, mineUrl, actorUrl, mineHandle, actorHandle, ...props }: Props) {
  const { t } = useTranslation()
  if (!word) return null
  const mine = { voice: 'mine', handle: mineHandle, from: word.start_s, to: word.end_s, onTime } as const
  const actor = { voice: 'actor', handle: actorHandle, from: word.ref_start_s, to: word.ref_end_s, onTime } as const
  return (
    <>
      <PlayButtons word={word} mineUrl={mineUrl} actorUrl={actorUrl} {...props} />
      <div className="mt-5 grid gap-4">
        {mineUrl ? <Track source={mineUrl} {...mine} /> : <Missing>{t('result.wordStrip.noMine')}</Missing>}
        {actorUrl ? <Track source={actorUrl} {...actor} /> : <Missing>{t('result.wordStrip.noActor')}</Missing>}
      </div>
    </>
  )
}

type ButtonsProps = Pick<PlaybackProps, 'language' | 'selected' | 'onPlay' | 'mineUrl' | 'actorUrl'> & { word: Word }

function PlayButtons({ word, language, selected, onPlay, mineUrl, actorUrl }: ButtonsProps) {
  const { t } = useTranslation()
  return (
    <div className="sticky bottom-20 z-10 mt-5 flex items-center gap-2 rounded-2xl border border-line bg-surface p-2 pl-4 shadow-md @4xl:static @4xl:shadow-none">
      <span lang={language} className="mr-auto min-w-0 truncate text-lg font-bold">
        {word.text}
      </span>
      <Button
        className="px-4 text-mine"
        disabled={!mineUrl || word.start_s === null}
        aria-label={t('result.wordStrip.playMineOf', { word: word.text })}
        aria-keyshortcuts="M"
        onClick={() => onPlay('mine', selected)}
      >
        <Play aria-hidden className="size-4" /> {t('result.wordStrip.playMine')}
      </Button>
      <Button
        className="px-4 text-actor"
        disabled={!actorUrl || word.ref_start_s === null}
        aria-label={t('result.wordStrip.playActorOf', { word: word.text })}
        aria-keyshortcuts="A"
        onClick={() => onPlay('actor', selected)}
      >
        <Play aria-hidden className="size-4" /> {t('result.wordStrip.playActor')}
      </Button>
    </div>
  )
}

function Missing({ children }: { children: string }) {
  return <p className="rounded-xl bg-raised px-4 py-3 text-sm">{children}</p>
}

interface TrackProps {
  voice: 'mine' | 'actor'
  source: string
  handle: Ref<WaveformHandle>
  /** The selected word, highlighted in the waveform; seconds. */
  from: number | null
  to: number | null
  onTime: (voice: 'mine' | 'actor', seconds: number, speed: number) => void
}

function Track({ voice, source, handle, from, to, onTime }: TrackProps) {
  const { t } = useTranslation()
  const rate = useRate()
  const [duration, setDuration] = useState<number | null>(null)
  const percent = (seconds: number) => `${(100 * Math.min(seconds, duration ?? 0)) / (duration ?? 1)}%`
  return (
    <div>
      <p
        className={voice === 'mine' ? 'mb-1 text-sm font-semibold text-mine' : 'mb-1 text-sm font-semibold text-actor'}
      >
        {t(`result.${voice}`)}
      </p>
      <div className="relative">
        <Waveform
          source={source}
          voice={voice}
          label={t(`result.${voice}`)}
          height={48}
          rate={rate}
          handle={handle}
          onReady={setDuration}
          onTime={(seconds, speed) => onTime(voice, seconds, speed)}
        />
        {/* The waveform starts right of the button: size-11 and gap-3 of Waveform. */}
        <div aria-hidden className="pointer-events-none absolute inset-y-0 right-0 left-14">
          {duration !== null && from !== null && to !== null && (
            <div
              className={
                voice === 'mine'
                  ? 'absolute inset-y-0 rounded-md bg-mine/15'
                  : 'absolute inset-y-0 rounded-md bg-actor/15'
              }
              style={{ left: percent(from), right: `calc(100% - ${percent(to)})` }}
            />
          )}
        </div>
      </div>
    </div>
  )
}
