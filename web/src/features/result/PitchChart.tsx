import { memo, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { Card, CardTitle } from '@/components/Card'
import { afterPaint } from './afterPaint'
import { AXIS_WIDTH, Legend, HorizontalScroll, DataTable, MARGIN_RIGHT } from './chartParts'
import type { PitchCurvesProps } from './PitchCurves'
import type { Word } from './parseFeedback'
import { meanDb, type Overlay, type Span } from './overlay'

const LETTER_PX = 7
/** The limits of px per second; short lines may use more, ten-second lines would become too wide. */
const [MIN_SECOND_PX, MAX_SECOND_PX, SHORT_LINE_PX] = [70, 115, 600]

const PitchCurves = afterPaint('h-56 sm:h-64', async () => (await import('./PitchCurves')).PitchCurves)
const LoudnessCurves = afterPaint('h-24', async () => (await import('./PitchCurves')).LoudnessCurves)

interface Props {
  chart: Overlay
  words: Word[]
  selected: number
  onSelect: (index: number) => void
  playhead: Ref<HTMLDivElement>
  className?: string
}

export function PitchChart({ chart, words, selected, onSelect, playhead, className }: Props) {
  const { t } = useTranslation()
  const { spans, range } = chart
  const chosen = spans[selected]
  const seconds = range.to - range.from
  const focus = chosen ? (chosen.from - range.from) / seconds : null
  const curves = { ...chart, words, onSelect }
  return (
    <Card className={className}>
      <CardTitle aside={<Legend />}>{t('result.pitchChart.title')}</CardTitle>
      <p className="-mt-2 mb-4 max-w-prose text-sm text-muted">{t('result.pitchChart.help')}</p>
      <HorizontalScroll
        label={t('result.pitchChart.scroll')}
        width={AXIS_WIDTH + MARGIN_RIGHT + seconds * pixelsPerSecond(words, spans, seconds)}
        focus={focus}
      >
        <PitchCurves {...curves} />
        <p className="sticky left-0 mt-2 w-fit text-sm font-semibold">{t('result.pitchChart.energy')}</p>
        <LoudnessCurves {...curves} />
        <div className="pointer-events-none absolute inset-y-0" style={{ left: AXIS_WIDTH, right: MARGIN_RIGHT }}>
          {chosen && focus !== null && (
            <div
              className="absolute inset-y-0 rounded-md border-x-2 border-actor/50 bg-actor/15"
              style={{ left: `${100 * focus}%`, width: `${(100 * (chosen.to - chosen.from)) / seconds}%` }}
            />
          )}
          <div className="absolute inset-0 overflow-clip">
            <div ref={playhead} className="absolute inset-0 border-l-2 border-ink opacity-0 will-change-transform" />
          </div>
        </div>
      </HorizontalScroll>
      <PitchTable {...curves} />
    </Card>
  )
}

/** Px per second at which the labels of most words fit. */
function pixelsPerSecond(words: readonly Word[], spans: readonly (Span | null)[], seconds: number): number {
  const needed = words.map((word, index) => {
    const span = spans[index]
    return span && span.to > span.from ? (word.text.length * LETTER_PX + 8) / (span.to - span.from) : 0
  })
  return Math.min(Math.max(...needed, MIN_SECOND_PX), Math.max(MAX_SECOND_PX, SHORT_LINE_PX / seconds))
}

const PitchTable = memo(function PitchTable({ words, samples, spans }: PitchCurvesProps) {
  const { t } = useTranslation()
  const none = t('result.pitchChart.none')
  const formatLoudness = (span: Span | null | undefined, key: 'mineDb' | 'actorDb') => {
    const value = meanDb(samples, span ?? null, key)
    return value === null ? none : t('result.pitchChart.db', { value: value.toFixed(0) })
  }
  return (
    <DataTable
      caption={t('result.pitchChart.caption')}
      head={[
        t('result.pitchChart.word'),
        t('result.pitchChart.myPitch'),
        t('result.pitchChart.actorPitch'),
        t('result.pitchChart.myLoudness'),
        t('result.pitchChart.actorLoudness'),
      ]}
      rows={words.map((word, index) => [
        word.text,
        word.pitch?.user ? t(`result.word.${word.pitch.user}`) : none,
        word.pitch?.reference ? t(`result.word.${word.pitch.reference}`) : none,
        formatLoudness(spans[index], 'mineDb'),
        formatLoudness(spans[index], 'actorDb'),
      ])}
    />
  )
})
