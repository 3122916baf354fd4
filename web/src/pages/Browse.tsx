import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ScriptSummary } from '@/api'
import { listPopularScriptsOptions } from '@/api/@tanstack/react-query.gen'
import { PageTitle } from '@/components/PageTitle'
import { FilterBar } from '@/features/browse/FilterBar'
import { Hero } from '@/features/browse/Hero'
import { PopularScenes } from '@/features/browse/PopularScenes'
import { SceneList } from '@/features/browse/SceneList'
import { isFiltered, useFilters } from '@/features/browse/useFilters'
import { useSession } from '@/lib/session'

/** The way to a first recording, which is found when it is followed; null where there is no scene. */
function startOf(scenes: ScriptSummary[] | undefined): string | null {
  return scenes?.length === 0 ? null : '/start'
}

export function Browse() {
  const { t } = useTranslation()
  const session = useSession()
  const { filters } = useFilters()
  const popular = useQuery(listPopularScriptsOptions())
  return (
    <>
      {session.status === 'anonymous' ? (
        <Hero start={startOf(popular.data)} />
      ) : (
        <PageTitle title={t('browse.title')} />
      )}
      {!isFiltered(filters) && !filters.sort && <PopularScenes scenes={popular.data} />}
      <section aria-labelledby="scenes">
        <h2 id="scenes" className="mb-3 text-lg font-bold">
          {t('browse.scenes')}
        </h2>
        <FilterBar />
        <SceneList />
      </section>
    </>
  )
}
