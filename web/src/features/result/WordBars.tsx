import { memo } from 'react'
import { Bar, BarChart, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { TICK } from './chartParts'

/** Durations in seconds; null where the word was not measured. */
export interface WordDuration {
  text: string
  mine: number | null
  actor: number | null
}

/** Drawn once for each result, whichever word is selected. */
export const WordBars = memo(function WordBars({ words }: { words: WordDuration[] }) {
  return (
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
  )
})
