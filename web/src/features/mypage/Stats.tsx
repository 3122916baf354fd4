import { Flame } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Streak, Totals } from '@/api'
import { Card } from '@/components/Card'
import { cn } from '@/lib/cn'
import { formatNumber } from '@/lib/format'

const TOTALS = ['tokens_dubbed', 'attempts', 'bookmarks'] as const

export function StreakCard({ streak }: { streak: Streak }) {
  const { t } = useTranslation()
  const isGoing = streak.current_days > 0
  return (
    <Card className="flex items-center gap-4">
      <Flame aria-hidden className={cn('size-12 shrink-0', isGoing ? 'text-record' : 'text-muted')} />
      <div>
        <h2 className="text-sm font-semibold text-muted">{t('mypage.streak')}</h2>
        {isGoing && (
          <p className="text-3xl font-extrabold tracking-tight">
            {t('mypage.streakDays', { count: streak.current_days })}
          </p>
        )}
        <p className={cn(isGoing ? 'text-sm' : 'font-semibold')}>
          {t(isGoing ? 'mypage.streakGoing' : 'mypage.streakNone')}
        </p>
        {streak.longest_days > 0 && (
          <p className="text-sm text-muted">{t('mypage.streakLongest', { count: streak.longest_days })}</p>
        )}
      </div>
    </Card>
  )
}

export function TotalsCard({ totals }: { totals: Totals }) {
  const { t } = useTranslation()
  return (
    <Card className="flex items-center">
      <dl className="grid w-full grid-cols-3 gap-3 text-center">
        {TOTALS.map((name) => (
          <div key={name} className="flex flex-col-reverse">
            <dt className="text-sm text-muted">{t(`mypage.totals.${name}`)}</dt>
            <dd className="text-3xl font-extrabold tracking-tight tabular-nums">{formatNumber(totals[name])}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
