import { useQuery } from '@tanstack/react-query'
import { Settings } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { getOverviewOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { PageTitle } from '@/components/PageTitle'
import { RequireSession } from '@/components/RequireSession'
import { Failure, Loading } from '@/components/States'
import { Averages } from '@/features/mypage/Averages'
import { Bookmarks } from '@/features/mypage/Bookmarks'
import { Dubs } from '@/features/mypage/Dubs'
import { StreakCard, TotalsCard } from '@/features/mypage/Stats'
import { WeakSounds } from '@/features/mypage/WeakSounds'
import { useUser } from '@/lib/session'

// The chart library is large: the numbers do not wait for it.
const Trend = lazy(async () => ({ default: (await import('@/features/mypage/Trend')).Trend }))

const TABS = { dubs: Dubs, bookmarks: Bookmarks, sounds: WeakSounds } as const
const NAMES = ['dubs', 'bookmarks', 'sounds'] as const

export function MyPage() {
  return (
    <RequireSession>
      <MyPageContent />
    </RequireSession>
  )
}

function MyPageContent() {
  const { t } = useTranslation()
  const user = useUser()
  return (
    <>
      <PageTitle title={user ? t('mypage.hello', { name: user.name }) : t('mypage.title')}>
        <Button asChild>
          <Link to="/account">
            <Settings aria-hidden className="size-5" />
            {t('mypage.account')}
          </Link>
        </Button>
      </PageTitle>
      <Summary />
      <Practice />
    </>
  )
}

function Summary() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const overview = useQuery(getOverviewOptions({ query: { timezone: timeZone } }))
  if (overview.isPending) return <Loading />
  if (!overview.data) return <Failure error={overview.error} retry={() => void overview.refetch()} />
  const { streak, totals, averages, trend } = overview.data
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <StreakCard streak={streak} />
      <TotalsCard totals={totals} />
      <Averages averages={averages} />
      <Suspense fallback={<Card aria-hidden className="min-h-72 animate-pulse" />}>
        <Trend points={trend} />
      </Suspense>
    </div>
  )
}

function Practice() {
  const { t } = useTranslation()
  return (
    <Card className="mt-4" aria-labelledby="practice">
      <h2 id="practice" className="mb-4 text-lg font-bold">
        {t('mypage.tabs')}
      </h2>
      <Tabs.Root defaultValue="dubs">
        <Tabs.List
          aria-label={t('mypage.tabs')}
          className="flex gap-1 overflow-x-auto rounded-full bg-raised p-1 sm:w-fit"
        >
          {NAMES.map((name) => (
            <Tabs.Trigger
              key={name}
              value={name}
              className="min-h-11 flex-1 rounded-full px-3 text-sm font-semibold whitespace-nowrap text-muted hover:text-ink data-[state=active]:bg-surface data-[state=active]:text-ink data-[state=active]:shadow-sm focus-visible:-outline-offset-3 sm:px-5"
            >
              {t(`mypage.${name}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {NAMES.map((name) => {
          const List = TABS[name]
          return (
            <Tabs.Content key={name} value={name} className="mt-2 rounded-xl">
              <List />
            </Tabs.Content>
          )
        })}
      </Tabs.Root>
    </Card>
  )
}
