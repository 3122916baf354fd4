import { ArrowLeftRight, ChevronLeft, ChevronRight, Headphones, Mic, PencilLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { RATES, setRate } from '@/features/audio/rate'
import { Choice } from './Choice'
import { PAUSES, pausesChoice, TEXT_MODES, textChoice } from './choices'
import { Dictation } from './Dictation'
import { textOf, UNITS, type Unit } from './spans'
import type { Practice } from './usePractice'

interface Props {
  practice: Practice
  line: string
  /** The language of the line. */
  language: string
  recordWords: (() => void) | null
}

/** The practice tools of a line. */
export function PracticePanel({ practice, line, language, recordWords }: Props) {
  const { t } = useTranslation()
  const textMode = textChoice.use()
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Choice
        label={t('practice.rate.label')}
        options={RATES.map((value) => ({ value, text: t('practice.rate.value', { rate: value }) }))}
        value={practice.rate}
        onChange={setRate}
      />
      <LoopChoice practice={practice} />
      {practice.loop && <LoopDetails practice={practice} recordWords={recordWords} />}
      <Choice
        label={t('practice.text.label')}
        options={TEXT_MODES.map((value) => ({ value, text: t(`practice.text.${value}`) }))}
        value={practice.isDictating ? 'hidden' : textMode}
        onChange={textChoice.set}
      />
      <VoiceAndDictation practice={practice} />
      {practice.isDictating && (
        <div className="sm:col-span-2">
          <Dictation line={line} language={language} listen={() => practice.toggle(practice.voice)} />
        </div>
      )}
    </div>
  )
}

function VoiceAndDictation({ practice }: { practice: Practice }) {
  const { t } = useTranslation()
  const { sources, voice, isDictating } = practice
  return (
    <div className="grid grid-cols-2 items-end gap-2">
      <Button
        className="px-2"
        disabled={!sources.mine || !sources.actor}
        aria-keyshortcuts="X"
        onClick={practice.switchVoice}
      >
        <ArrowLeftRight aria-hidden className="size-4" />
        {t(voice === 'actor' ? 'practice.switch.mine' : 'practice.switch.actor')}
      </Button>
      <Button
        className="px-2"
        aria-pressed={isDictating}
        aria-keyshortcuts="D"
        kind={isDictating ? 'primary' : 'outline'}
        onClick={() => practice.setDictating(!isDictating)}
      >
        <PencilLine aria-hidden className="size-4" /> {t('practice.dictation.title')}
      </Button>
    </div>
  )
}

function LoopChoice({ practice }: { practice: Practice }) {
  const { t } = useTranslation()
  const { loop, hasWords, hasFailed } = practice
  const choose = (unit: Unit | 'off' | 'own') => {
    if (unit === 'off') practice.stop()
    else if (unit !== 'own') void practice.chooseUnit(unit)
  }
  const units = UNITS.map((value) => ({
    value,
    text: t(`practice.loop.${value}`),
    disabled: value === 'word' && !hasWords,
  }))
  const own =
    loop?.unit === null
      ? [{ value: 'own' as const, text: t('practice.loop.ownShort'), label: t('practice.loop.own') }]
      : []
  return (
    <div>
      <Choice<Unit | 'off' | 'own'>
        label={t('practice.loop.label')}
        options={[{ value: 'off', text: t('practice.loop.off') }, ...units, ...own]}
        value={loop ? (loop.unit ?? 'own') : 'off'}
        onChange={choose}
      />
      <p className="mt-1 text-xs text-muted">{t(hasWords ? 'practice.loop.help' : 'practice.loop.helpWithoutWords')}</p>
      {hasFailed && (
        <p role="alert" className="mt-1 text-sm text-poor">
          {t('audio.failed')}
        </p>
      )}
    </div>
  )
}

/** The looped part, moving it, and the pause after each repeat. */
function LoopDetails({ practice, recordWords }: Pick<Props, 'practice' | 'recordWords'>) {
  const { t } = useTranslation()
  const pauses = pausesChoice.use()
  const { loop, voice, isPlaying } = practice
  if (!loop) return null
  const { from, to } = loop.span
  return (
    <>
      <Choice
        label={t('practice.pause.label')}
        options={PAUSES.map((value) => ({
          value,
          text: value === 0 ? t('practice.pause.none') : t('practice.pause.value', { times: value }),
          label: value === 0 ? undefined : t('practice.pause.long', { times: value }),
        }))}
        value={pauses}
        onChange={practice.choosePauses}
      />
      <div className="flex items-end justify-between gap-1">
        <Button size="icon" kind="ghost" aria-label={t('practice.loop.before')} onClick={() => void practice.move(-1)}>
          <ChevronLeft aria-hidden />
        </Button>
        <Button className="min-w-0 flex-1 px-2" aria-pressed={isPlaying} onClick={() => practice.toggle(voice)}>
          <Headphones aria-hidden className="size-4 shrink-0" />
          <span className="truncate tabular-nums">
            {Number.isFinite(to)
              ? t('practice.loop.span', { from: from.toFixed(2), to: to.toFixed(2) })
              : t('practice.loop.line')}
          </span>
        </Button>
        <Button size="icon" kind="ghost" aria-label={t('practice.loop.after')} onClick={() => void practice.move(1)}>
          <ChevronRight aria-hidden />
        </Button>
      </div>
      {practice.marked && recordWords && (
        <Button kind="record" className="px-2 sm:col-span-2" aria-keyshortcuts="E" onClick={recordWords}>
          <Mic aria-hidden className="size-4 shrink-0" />
          <span className="truncate">
            {t('practice.record.start', { words: textOf(practice.words, practice.marked) })}
          </span>
        </Button>
      )}
    </>
  )
}
