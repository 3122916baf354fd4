import {
  AudioLines,
  Ear,
  MessageCircleQuestion,
  MicOff,
  Scissors,
  Timer,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AnalysisResultResponse, TokenDetail } from '@/api'
import { Card } from '@/components/Card'
import { useRate } from '@/features/audio/rate'
import { Waveform } from '@/features/audio/Waveform'
import { inPageLanguage, translationOf } from '@/lib/i18n'
import type { Feedback } from './parseFeedback'

export type Reason = 'no_speech' | 'wrong_sentence' | 'too_noisy' | 'too_short' | 'incomplete' | 'failed' | 'other'

const ICONS: Record<Reason, LucideIcon> = {
  no_speech: MicOff,
  wrong_sentence: MessageCircleQuestion,
  too_noisy: AudioLines,
  too_short: Timer,
  incomplete: Scissors,
  failed: TriangleAlert,
  other: Ear,
}

interface Props {
  reason: Reason
  result: AnalysisResultResponse
  line: TokenDetail
  feedback: Feedback
}

/** A take without scores: the reason, what to do next, and both voices for comparison. */
export function Unscored({ reason, result, line, feedback }: Props) {
  const { t, i18n } = useTranslation()
  const Icon = ICONS[reason]
  // A tip may be more precise than the class: too loud instead of too noisy.
  const tip = feedback.tips.find(({ code }) => code !== reason)
  const translation = translationOf(line)
  const explanation = reason === 'failed' ? result.error?.message : tip && inPageLanguage(tip.texts)
  return (
    <Card className="mx-auto w-full max-w-2xl text-center sm:p-10">
      <span className="mx-auto flex size-16 items-center justify-center rounded-full bg-raised">
        <Icon aria-hidden className="size-8" />
      </span>
      <h2 className="mt-5 text-2xl font-extrabold">{t(`result.unscored.${reason}.title`)}</h2>
      <p className="mx-auto mt-2 max-w-prose text-lg">{explanation ?? t(`result.unscored.${reason}.help`)}</p>
      <p className="mt-2 text-muted">{t('result.unscored.again')}</p>
      <figure className="mt-8 rounded-2xl bg-raised p-5">
        <figcaption className="text-sm font-semibold text-muted">{t('result.unscored.sayThis')}</figcaption>
        <blockquote lang={line.script.language} className="mt-2 text-xl font-bold">
          {line.text}
        </blockquote>
        {translation?.language === i18n.language && <p className="mt-1 text-muted">{translation.text}</p>}
      </figure>
      <div className="mt-6 grid gap-4 text-left">
        {line.audio_url && <VoiceWaveform voice="actor" source={line.audio_url} />}
        {result.user_audio_url && <VoiceWaveform voice="mine" source={result.user_audio_url} />}
      </div>
    </Card>
  )
}

function VoiceWaveform({ voice, source }: { voice: 'mine' | 'actor'; source: string }) {
  const { t } = useTranslation()
  return (
    <div>
      <p className="mb-1 text-sm font-semibold">{t(`result.${voice}`)}</p>
      <Waveform source={source} voice={voice} label={t(`result.${voice}`)} height={48} rate={useRate()} />
    </div>
  )
}
