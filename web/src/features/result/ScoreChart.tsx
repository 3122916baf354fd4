import { Dot, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import type { Attempt } from '@/api'
import { TICK } from './chartParts'

export type NumberedAttempt = Attempt & { number: number }

/** The overall scores in the order of the attempts; decorative, beside the list of them. */
export function ScoreChart({ points, currentId }: { points: NumberedAttempt[]; currentId: string }) {
  return (
    <div aria-hidden className="h-full">
      <ResponsiveContainer initialDimension={{ width: 400, height: 192 }}>
        <LineChart accessibilityLayer={false} data={points} margin={{ top: 12, right: 16, bottom: 0, left: 0 }}>
          <XAxis
            dataKey="number"
            tick={TICK}
            tickLine={false}
            axisLine={{ stroke: 'var(--line)' }}
            interval="preserveStartEnd"
          />
          <YAxis width={34} domain={[0, 100]} ticks={[0, 60, 80, 100]} tick={TICK} tickLine={false} axisLine={false} />
          <Line
            dataKey="overall_score"
            stroke="var(--mine)"
            strokeWidth={2.5}
            isAnimationActive={false}
            dot={({ cx, cy, index }) => {
              const isCurrent = points[index]?.job_id === currentId
              return (
                <Dot
                  key={index}
                  cx={cx}
                  cy={cy}
                  r={isCurrent ? 7 : 4}
                  fill={isCurrent ? 'var(--ink)' : 'var(--mine)'}
                />
              )
            }}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  )
}
