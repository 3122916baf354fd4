import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { Card } from '@/components/Card'
import { ScoreBadge } from '@/components/ScoreBadge'

export interface ScoredLine {
  line: TokenSummary
  score: number
}

export function totalsOf(scored: readonly ScoredLine[]) {
  const sorted = [...scored].sort((a, b) => b.score - a.score)
  const sum = scored.reduce((total, { score }) => total + score, 0)
  return {
    average: scored.length > 0 ? sum / scored.length : null,
    best: sorted[0],
    weakest: sorted.length > 1 ? sorted.at(-1) : undefined,
  }
}

export function SceneTotals({ scored }: { scored: ScoredLine[] }) {
  const { t } = useTranslation()
  const { average, best, weakest } = totalsOf(scored)
  return (
    <Card className="flex flex-col gap-6 sm:flex-row sm:items-center" aria-label={t('studio.scene.finished')}>
      <div role="status" className="shrink-0 text-center sm:w-40">
        <h2 className="font-bold">{t('studio.scene.average')}</h2>
        {average === null ? (
          <p className="py-3 text-muted">{t('studio.scene.noScores')}</p>
        ) : (
          <ScoreBadge score={average} className="mt-2 px-5 py-1 text-4xl" />
        )}
      </div>
      <dl className="space-y-3">
        {best && <LineScore name={t('studio.scene.best')} {...best} />}
        {weakest && <LineScore name={t('studio.scene.weakest')} {...weakest} />}
      </dl>
    </Card>
  )
}

function LineScore({ name, line, score }: ScoredLine & { name: string }) {
  return (
    <div>
      <dt className="text-sm font-bold text-muted">{name}</dt>
      <dd className="flex items-baseline gap-3">
        <ScoreBadge score={score} className="shrink-0" />
        <span>{line.text}</span>
      </dd>
    </div>
  )
}
