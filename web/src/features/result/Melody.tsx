import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { Area, ComposedChart, Line, ReferenceArea, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { Card, CardTitle } from '@/components/Card'
import { DASHES, Legend, Scroller, TICK, Twin } from './charts'
import type { Word } from './feedback'
import { meanDb, type Overlay, type Span } from './overlay'

const AXIS_WIDTH = 34
const RIGHT = 8
const STEP_ST = 4
const LETTER_PX = 7
/** A short line may take more room for its words than one of ten seconds, which would have no end. */
const [SECOND_PX_LEAST, SECOND_PX_MOST, SHORT_LINE_PX] = [70, 115, 600]

interface Props {
  chart: Overlay
  words: Word[]
  selected: number
  onSelect: (index: number) => void
  playhead: Ref<HTMLDivElement>
  className?: string
}

export function Melody({ chart, words, selected, onSelect, playhead, className }: Props) {
  const { t } = useTranslation()
  const { spans, range } = chart
  const chosen = spans[selected]
  const seconds = range.to - range.from
  const fraction = chosen ? (chosen.from - range.from) / seconds : null
  const curves = { ...chart, words, selected, onSelect }
  return (
    <Card className={className}>
      <CardTitle aside={<Legend />}>{t('result.melody.title')}</CardTitle>
      <p className="-mt-2 mb-4 max-w-prose text-sm text-muted">{t('result.melody.help')}</p>
      <Scroller
        label={t('result.melody.scroll')}
        width={AXIS_WIDTH + RIGHT + seconds * secondPx(words, spans, seconds)}
        focus={fraction}
      >
        <Pitch {...curves} />
        <p className="sticky left-0 mt-2 w-fit text-sm font-semibold">{t('result.melody.energy')}</p>
        <Energy {...curves} />
        <div className="pointer-events-none absolute inset-y-0" style={{ left: AXIS_WIDTH, right: RIGHT }}>
          <div ref={playhead} className="absolute inset-y-0 w-0.5 bg-ink opacity-0" />
        </div>
      </Scroller>
      <MelodyTable {...curves} />
    </Card>
  )
}

/** Wide enough for the names of most words. */
function secondPx(words: readonly Word[], spans: readonly (Span | null)[], seconds: number): number {
  const needed = words.map((word, index) => {
    const span = spans[index]
    return span && span.to > span.from ? (word.text.length * LETTER_PX + 8) / (span.to - span.from) : 0
  })
  return Math.min(Math.max(...needed, SECOND_PX_LEAST), Math.max(SECOND_PX_MOST, SHORT_LINE_PX / seconds))
}

interface CurvesProps extends Overlay {
  words: Word[]
  selected: number
  onSelect: (index: number) => void
}

/** One shade for each word and a stronger one for the selected; Recharts wants them as children of the chart. */
function wordAreas({ spans, words, selected, onSelect }: CurvesProps, isNamed: boolean) {
  return spans.map((span, index) => {
    if (!span) return null
    const isSelected = index === selected
    return (
      <ReferenceArea
        key={index}
        x1={span.from}
        x2={span.to}
        ifOverflow="hidden"
        fill={isSelected ? 'var(--actor)' : 'var(--raised)'}
        fillOpacity={isSelected ? 0.16 : index % 2 ? 0.45 : 0.9}
        stroke="none"
        className="cursor-pointer"
        onClick={() => onSelect(index)}
        {...(isNamed && {
          label: {
            value: words[index]?.text ?? '',
            position: 'insideBottom',
            fill: 'var(--ink)',
            fontSize: 13,
            fontWeight: isSelected ? 800 : 500,
          },
        })}
      />
    )
  })
}

const timeAxis = (range: Span) => (
  <XAxis dataKey="t" type="number" domain={[range.from, range.to]} allowDataOverflow hide />
)

/** Steps of a major third, with room below the lowest note for the words. */
function semitones({ moments }: CurvesProps): number[] {
  const notes = moments.flatMap(({ mine, actor }) => [mine ?? 0, actor ?? 0])
  const low = Math.floor(Math.min(...notes) / STEP_ST) - 1
  const high = Math.ceil(Math.max(...notes) / STEP_ST)
  return Array.from({ length: high - low + 1 }, (_, index) => (low + index) * STEP_ST)
}

function Pitch(curves: CurvesProps) {
  const ticks = semitones(curves)
  return (
    <div className="h-56 sm:h-64">
      <ResponsiveContainer initialDimension={{ width: 600, height: 240 }}>
        <ComposedChart
          accessibilityLayer={false}
          data={curves.moments}
          margin={{ top: 8, right: RIGHT, bottom: 0, left: 0 }}
        >
          {wordAreas(curves, true)}
          {timeAxis(curves.range)}
          <YAxis
            width={AXIS_WIDTH}
            tick={TICK}
            tickLine={false}
            axisLine={false}
            domain={[ticks[0] ?? 0, ticks.at(-1) ?? 0]}
            ticks={ticks.slice(1)}
          />
          <ReferenceLine y={0} stroke="var(--muted)" strokeDasharray="2 5" />
          {/* The dashes on top: where both are the same, both are seen. */}
          <Line
            dataKey="mine"
            stroke="var(--mine)"
            strokeWidth={3.5}
            strokeLinecap="round"
            dot={false}
            isAnimationActive={false}
          />
          <Line
            dataKey="actor"
            stroke="var(--actor)"
            strokeWidth={3}
            strokeDasharray={DASHES}
            dot={false}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

function Energy(curves: CurvesProps) {
  return (
    <div className="h-24">
      <ResponsiveContainer initialDimension={{ width: 600, height: 96 }}>
        <ComposedChart
          accessibilityLayer={false}
          data={curves.moments}
          margin={{ top: 4, right: RIGHT, bottom: 0, left: 0 }}
        >
          {wordAreas(curves, false)}
          {timeAxis(curves.range)}
          <YAxis width={AXIS_WIDTH} tick={false} tickLine={false} axisLine={false} />
          <Area
            dataKey="mineDb"
            baseValue="dataMin"
            stroke="var(--mine)"
            strokeWidth={2}
            fill="var(--mine)"
            fillOpacity={0.25}
            isAnimationActive={false}
          />
          <Line
            dataKey="actorDb"
            stroke="var(--actor)"
            strokeWidth={2}
            strokeDasharray={DASHES}
            dot={false}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

function MelodyTable({ words, moments, spans }: CurvesProps) {
  const { t } = useTranslation()
  const none = t('result.melody.none')
  const loud = (span: Span | null | undefined, key: 'mineDb' | 'actorDb') => {
    const value = meanDb(moments, span ?? null, key)
    return value === null ? none : t('result.melody.db', { value: value.toFixed(0) })
  }
  return (
    <Twin
      caption={t('result.melody.caption')}
      head={[
        t('result.melody.word'),
        t('result.melody.myPitch'),
        t('result.melody.actorPitch'),
        t('result.melody.myLoudness'),
        t('result.melody.actorLoudness'),
      ]}
      rows={words.map((word, index) => [
        word.text,
        word.pitch?.user ? t(`result.word.${word.pitch.user}`) : none,
        word.pitch?.reference ? t(`result.word.${word.pitch.reference}`) : none,
        loud(spans[index], 'mineDb'),
        loud(spans[index], 'actorDb'),
      ])}
    />
  )
}
