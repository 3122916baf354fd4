import { useTranslation } from 'react-i18next'
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { TrendPoint } from '@/api'
import { Card, CardTitle } from '@/components/Card'
import { formatDay, formatNumber } from '@/lib/format'

export function Trend({ points }: { points: TrendPoint[] }) {
  const { t } = useTranslation()
  const scored = points.filter((point) => point.overall !== null)
  return (
    <Card className="flex flex-col">
      <CardTitle>{t('mypage.trend')}</CardTitle>
      {scored.length === 0 ? (
        <p className="my-auto py-8 text-center text-muted">{t('mypage.trendNone')}</p>
      ) : (
        <>
          <Chart points={scored} />
          <p className="mt-2 text-sm text-muted">
            {t('mypage.trendHelp')} {scored.length === 1 && t('mypage.trendOne')}
          </p>
        </>
      )}
      <TrendTable points={points} />
    </Card>
  )
}

function Chart({ points }: { points: TrendPoint[] }) {
  const { t } = useTranslation()
  const tick = { fill: 'var(--muted)', fontSize: 12 }
  return (
    <div aria-hidden className="h-56">
      <ResponsiveContainer>
        <AreaChart data={points} accessibilityLayer={false} margin={{ top: 8, right: 16, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="day" tickFormatter={formatDay} tick={tick} stroke="var(--line)" minTickGap={24} />
          <YAxis domain={[0, 100]} ticks={[0, 50, 100]} width={32} tick={tick} stroke="var(--line)" />
          <Tooltip
            labelFormatter={(day) => (typeof day === 'string' ? formatDay(day) : '')}
            formatter={(value) => [formatNumber(Number(value)), t('scores.name.overall')]}
            contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)', borderRadius: 12 }}
            labelStyle={{ color: 'var(--muted)' }}
            itemStyle={{ color: 'var(--ink)' }}
          />
          <Area
            dataKey="overall"
            stroke="var(--mine)"
            strokeWidth={2.5}
            fill="var(--mine)"
            fillOpacity={0.12}
            dot={{ r: 4, fill: 'var(--mine)', fillOpacity: 1, strokeWidth: 0 }}
            isAnimationActive={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  )
}

/** The data of the chart as a table, for screen readers. */
function TrendTable({ points }: { points: TrendPoint[] }) {
  const { t } = useTranslation()
  if (points.length === 0) return null
  return (
    <div className="sr-only">
      <table>
        <caption>{t('mypage.trend')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('mypage.day')}</th>
            <th scope="col">{t('scores.name.overall')}</th>
            <th scope="col">{t('mypage.attempts')}</th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ day, overall, attempts }) => (
            <tr key={day}>
              <th scope="row">{formatDay(day)}</th>
              <td>{overall === null ? t('mypage.noScore') : formatNumber(overall)}</td>
              <td>{attempts}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
