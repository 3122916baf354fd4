import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rates } from '@/api/feedback'
import { Card, CardTitle } from '@/components/Card'
import { afterPaint } from './afterPaint'
import { HorizontalScroll, DataTable } from './chartParts'
import type { Word } from './parseFeedback'
import type { WordDuration } from './WordBars'

const WORD_PX = 62
const WordBars = afterPaint('h-60 @4xl:h-104', async () => (await import('./WordBars')).WordBars)

function durationOf(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(to - from, 0)
}

function durationsOf(words: readonly Word[]): WordDuration[] {
  return words.map((word) => ({
    text: word.text,
    mine: durationOf(word.start_s, word.end_s),
    actor: durationOf(word.ref_start_s, word.ref_end_s),
  }))
}

interface Props {
  words: Word[]
  selected: number
  rates: Rates
  className?: string
}

export function TimingChart({ words, selected, rates, className }: Props) {
  const { t } = useTranslation()
  const durations = useMemo(() => durationsOf(words), [words])
  if (durations.every(({ mine, actor }) => mine === null && actor === null)) return null
  const seconds = (value: number | null) =>
    value === null ? '–' : t('result.timingChart.seconds', { value: value.toFixed(2) })
  return (
    <Card className={className}>
      <CardTitle aside={<BarLegend />}>{t('result.timingChart.title')}</CardTitle>
      <Tempo rates={rates} isWhole={words.every((word) => word.status !== 'omitted')} />
      <p className="mb-4 text-sm text-muted">{t('result.timingChart.help')}</p>
      <HorizontalScroll
        label={t('result.timingChart.scroll')}
        width={words.length * WORD_PX}
        focus={selected / words.length}
      >
        <WordBars words={durations} />
      </HorizontalScroll>
      <DataTable
        caption={t('result.timingChart.caption')}
        head={[t('result.pitchChart.word'), t('result.mine'), t('result.actor')]}
        rows={durations.map(({ text, mine, actor }) => [text, seconds(mine), seconds(actor)])}
      />
    </Card>
  )
}

type TempoGrade = 'muchSlower' | 'slower' | 'same' | 'faster' | 'muchFaster'

/** Grades a tempo ratio; the outer bounds are those from which the analysis gives a tip about tempo. */
export function tempoGrade(ratio: number): TempoGrade {
  if (ratio < 0.75) return 'muchSlower'
  if (ratio < 0.95) return 'slower'
  if (ratio <= 1.05) return 'same'
  return ratio <= 1.4 ? 'faster' : 'muchFaster'
}

/** Words per second are comparable only if both takes have the same words; the ratio already allows for that. */
function Tempo({ rates, isWhole }: { rates: Rates; isWhole: boolean }) {
  const { t } = useTranslation()
  const { words_per_s: mine, reference_words_per_s: actor } = rates
  if (mine === null || !actor) return null
  return (
    <p className="mb-1">
      <strong>{t(`result.timingChart.${tempoGrade(rates.ratio ?? mine / actor)}`)}</strong>{' '}
      {isWhole && t('result.timingChart.rates', { mine: mine.toFixed(1), actor: actor.toFixed(1) })}
    </p>
  )
}

function BarLegend() {
  const { t } = useTranslation()
  return (
    <p className="flex gap-4 text-sm font-semibold">
      <span className="flex items-center gap-2 text-mine">
        <span aria-hidden className="size-4 rounded bg-mine" />
        {t('result.mine')}
      </span>
      <span className="flex items-center gap-2 text-actor">
        <span aria-hidden className="size-4 rounded border-2 border-dashed border-actor bg-actor/15" />
        {t('result.actor')}
      </span>
    </p>
  )
}
