import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Bar, BarChart, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import type { Rates } from '@/api/feedback'
import { Card, CardTitle } from '@/components/Card'
import { HorizontalScroll, TICK, DataTable } from './chartParts'
import type { Word } from './parseFeedback'

const WORD_PX = 62

function durationOf(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(to - from, 0)
}

/** Durations in seconds; null where the word was not measured. */
interface WordDuration {
  text: string
  mine: number | null
  actor: number | null
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

/** Drawn once for each result, whichever word is selected. */
const WordBars = memo(function WordBars({ words }: { words: WordDuration[] }) {
  return (
    <div className="h-60 @4xl:h-104">
      <ResponsiveContainer initialDimension={{ width: 600, height: 240 }}>
        <BarChart
          accessibilityLayer={false}
          data={words.map((word, index) => ({ ...word, index }))}
          margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
          barGap={3}
        >
          <XAxis
            dataKey="index"
            interval={0}
            tick={{ ...TICK, fill: 'var(--ink)' }}
            tickFormatter={(index: number) => words[index]?.text ?? ''}
            tickLine={false}
            axisLine={{ stroke: 'var(--line)' }}
          />
          <YAxis width={34} tick={TICK} tickLine={false} axisLine={false} />
          <Bar dataKey="mine" fill="var(--mine)" radius={[5, 5, 0, 0]} maxBarSize={22} isAnimationActive={false} />
          <Bar
            dataKey="actor"
            fill="var(--actor)"
            fillOpacity={0.15}
            stroke="var(--actor)"
            strokeWidth={2}
            strokeDasharray="4 3"
            radius={[5, 5, 0, 0]}
            maxBarSize={22}
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
})

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
