import { useTranslation } from 'react-i18next'
import type { AverageScores } from '@/api'
import { Bar } from '@/components/Bar'
import { Card, CardTitle } from '@/components/Card'
import { ScoreBadge } from '@/components/ScoreBadge'
import { SCORES } from '@/lib/scores'

export function Averages({ averages }: { averages: AverageScores }) {
  const { t } = useTranslation()
  const isEmpty = SCORES.every((name) => averages[name] === null)
  return (
    <Card>
      <CardTitle>{t('mypage.averages')}</CardTitle>
      <ul className="flex flex-col gap-4">
        {SCORES.map((name) => (
          <li key={name}>
            <div className="mb-1.5 flex items-center justify-between">
              <span className="font-semibold">{t(`scores.name.${name}`)}</span>
              <ScoreBadge score={averages[name]} />
            </div>
            <Bar share={(averages[name] ?? 0) / 100} />
          </li>
        ))}
      </ul>
      <p className="mt-4 text-sm text-muted">{t(isEmpty ? 'mypage.averagesNone' : 'mypage.averagesHelp')}</p>
    </Card>
  )
}
