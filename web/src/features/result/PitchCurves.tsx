import { memo } from 'react'
import { Area, ComposedChart, Line, ReferenceArea, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { ACTOR_DASHES, AXIS_WIDTH, MARGIN_RIGHT, TICK } from './chartParts'
import type { Word } from './parseFeedback'
import type { Overlay, Span } from './overlay'

const STEP_ST = 4
const LINE = { dot: false, isAnimationActive: false } as const

export interface PitchCurvesProps extends Overlay {
  words: Word[]
  onSelect: (index: number) => void
}

/** A shaded area for each word; Recharts requires them as children of the chart. */
function wordAreas({ spans, words, onSelect }: PitchCurvesProps, isNamed: boolean) {
  return spans.map((span, index) => {
    if (!span) return null
    return (
      <ReferenceArea
        key={index}
        x1={span.from}
        x2={span.to}
        ifOverflow="hidden"
        fill="var(--raised)"
        fillOpacity={index % 2 ? 0.45 : 0.9}
        stroke="none"
        className="cursor-pointer"
        onClick={() => onSelect(index)}
        {...(isNamed && {
          label: {
            value: words[index]?.text ?? '',
            position: 'insideBottom',
            fill: 'var(--ink)',
            fontSize: 13,
            fontWeight: 500,
          },
        })}
      />
    )
  })
}

const timeAxis = (range: Span) => (
  <XAxis dataKey="t" type="number" domain={[range.from, range.to]} allowDataOverflow hide />
)

/** Ticks a major third apart, with space for the words below the lowest note. */
function semitoneTicks({ samples }: PitchCurvesProps): number[] {
  const notes = samples.flatMap(({ mine, actor }) => [mine ?? 0, actor ?? 0])
  const low = Math.floor(Math.min(...notes) / STEP_ST) - 1
  const high = Math.ceil(Math.max(...notes) / STEP_ST)
  return Array.from({ length: high - low + 1 }, (_, index) => (low + index) * STEP_ST)
}

/** The pitch of both voices; drawn once, since the selected word is marked over it. */
export const PitchCurves = memo(function PitchCurves(curves: PitchCurvesProps) {
  const ticks = semitoneTicks(curves)
  return (
    <ResponsiveContainer initialDimension={{ width: 600, height: 240 }}>
      <ComposedChart
        accessibilityLayer={false}
        data={curves.samples}
        margin={{ top: 8, right: MARGIN_RIGHT, bottom: 0, left: 0 }}
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
        {/* The dashed line on top: where both are equal, both are visible. */}
        <Line {...LINE} dataKey="mine" stroke="var(--mine)" strokeWidth={3.5} strokeLinecap="round" />
        <Line {...LINE} dataKey="actor" stroke="var(--actor)" strokeWidth={3} strokeDasharray={ACTOR_DASHES} />
      </ComposedChart>
    </ResponsiveContainer>
  )
})

export const LoudnessCurves = memo(function LoudnessCurves(curves: PitchCurvesProps) {
  return (
    <ResponsiveContainer initialDimension={{ width: 600, height: 96 }}>
      <ComposedChart
        accessibilityLayer={false}
        data={curves.samples}
        margin={{ top: 4, right: MARGIN_RIGHT, bottom: 0, left: 0 }}
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
        <Line {...LINE} dataKey="actorDb" stroke="var(--actor)" strokeWidth={2} strokeDasharray={ACTOR_DASHES} />
      </ComposedChart>
    </ResponsiveContainer>
  )
})
