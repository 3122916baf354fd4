import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { listSceneProgressOptions, listScriptsInfiniteOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { ShowMore } from '@/components/ShowMore'
import { Empty, Failure } from '@/components/States'
import { PAGING } from '@/lib/queries'
import { useUser } from '@/lib/session'
import { SortChoice } from './FilterBar'
import { SceneCard } from './SceneCard'
import { isFiltered, useFilters, type Filters, type Sort } from './useFilters'

const PAGE = 12
const GRID = 'grid gap-5 sm:grid-cols-2 lg:grid-cols-3'

function useScenes({ q, category, level, length, start }: Filters, sort: Sort | null) {
  const query = {
    limit: PAGE,
    ...(sort && { sort }),
    ...(q && { q }),
    ...(category && { category }),
    ...(level && { level: Number(level) }),
    ...(length && { length }),
    ...(start && { good_to_start: true }),
  }
  return useInfiniteQuery({
    ...listScriptsInfiniteOptions({ query }),
    ...PAGING,
    placeholderData: keepPreviousData,
    enabled: sort !== null,
  })
}

export function SceneList() {
  const { filters, sort } = useFilters()
  const list = useScenes(filters, sort)
  const isSignedIn = useUser() !== null
  const progress = useQuery({ ...listSceneProgressOptions(), enabled: isSignedIn })
  const scenes = list.data?.pages.flatMap((page) => page.items)
  if (list.isError && !scenes) return <Failure error={list.error} retry={() => void list.refetch()} />
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <ResultCount count={scenes?.length} hasMore={list.hasNextPage} />
        <SortChoice />
      </div>
      {!scenes && <Skeletons />}
      {scenes?.length === 0 && <NothingFound hasFilters={isFiltered(filters)} />}
      {scenes && scenes.length > 0 && (
        <ul className={GRID}>
          {scenes.map((scene) => (
            <li key={scene.id}>
              <SceneCard
                scene={scene}
                progress={isSignedIn ? progress.data?.find((row) => row.script_id === scene.id) : undefined}
              />
            </li>
          ))}
        </ul>
      )}
      <ShowMore list={list} />
      {scenes && !list.hasNextPage && <AskForScene title={filters.q} />}
    </>
  )
}

/** At the end of the list, when the scene that was wanted is not in it. */
function AskForScene({ title }: { title: string }) {
  const { t } = useTranslation()
  return (
    <p className="mt-8 text-center">
      <Link
        to={{ pathname: '/requests', search: title ? `?${new URLSearchParams({ title })}` : '' }}
        className="inline-flex min-h-11 items-center font-semibold underline"
      >
        {t('browse.ask')}
      </Link>
    </p>
  )
}

function ResultCount({ count, hasMore }: { count: number | undefined; hasMore: boolean }) {
  const { t } = useTranslation()
  return (
    <p role="status" className="text-sm text-muted">
      {count === undefined
        ? t('browse.searching')
        : count > 0 && t(hasMore ? 'browse.foundSoFar' : 'browse.found', { count })}
      {count === 0 && <span className="sr-only">{t('browse.none')}</span>}
    </p>
  )
}

function NothingFound({ hasFilters }: { hasFilters: boolean }) {
  const { t } = useTranslation()
  return (
    <Empty icon={<SearchX aria-hidden className="size-10" />} title={t(hasFilters ? 'browse.none' : 'browse.noneYet')}>
      <p>{t(hasFilters ? 'browse.noneHelp' : 'browse.noneYetHelp')}</p>
      {hasFilters && (
        <Button asChild>
          <Link to="/" preventScrollReset>
            {t('browse.showAll')}
          </Link>
        </Button>
      )}
    </Empty>
  )
}

function Skeletons() {
  return (
    <div aria-hidden className={GRID}>
      {[1, 2, 3].map((index) => (
        <div key={index} className="h-72 animate-pulse rounded-2xl bg-raised" />
      ))}
    </div>
  )
}
