import { PolarAngleAxis, PolarGrid, PolarRadiusAxis, Radar, RadarChart, ResponsiveContainer } from 'recharts'
import { TICK } from './chartParts'

interface SubScore {
  label: string
  score: number | null
}

/** Decorative: the list beside it has the same values. */
export function ScoreRadar({ scores }: { scores: SubScore[] }) {
  return (
    <div aria-hidden className="h-full">
      <ResponsiveContainer initialDimension={{ width: 320, height: 240 }}>
        <RadarChart accessibilityLayer={false} data={scores} outerRadius="72%">
          <PolarGrid stroke="var(--line)" />
          <PolarAngleAxis dataKey="label" tick={{ ...TICK, fill: 'var(--ink)' }} />
          <PolarRadiusAxis domain={[0, 100]} tick={false} axisLine={false} />
          <Radar
            dataKey="score"
            stroke="var(--mine)"
            strokeWidth={2}
            fill="var(--mine)"
            fillOpacity={0.25}
            dot
            isAnimationActive={false}
          />
        </RadarChart>
      </ResponsiveContainer>
    </div>
  )
}
