import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ScriptSummary } from '@/api'
import { listPopularScriptsOptions } from '@/api/@tanstack/react-query.gen'
import { PageTitle } from '@/components/PageTitle'
import { FilterBar } from '@/features/browse/FilterBar'
import { Hero } from '@/features/browse/Hero'
import { PopularScenes } from '@/features/browse/PopularScenes'
import { SceneList } from '@/features/browse/SceneList'
import { useFilters } from '@/features/browse/useFilters'
import { useSession } from '@/lib/session'

/** The address of a first scene; /start finds one while they are loaded. Null where there is none. */
function startOf(scenes: ScriptSummary[] | undefined): string | null {
  if (!scenes) return '/start'
  return scenes[0] ? `/scenes/${scenes[0].id}` : null
}

export function Browse() {
  const { t } = useTranslation()
  const session = useSession()
  const { filters } = useFilters()
  const popular = useQuery(listPopularScriptsOptions())
  const isUnfiltered = !filters.q && !filters.category && filters.sort === 'latest'
  return (
    <>
      {session.status === 'anonymous' ? (
        <Hero start={startOf(popular.data)} />
      ) : (
        <PageTitle title={t('browse.title')} />
      )}
      {isUnfiltered && <PopularScenes scenes={popular.data} />}
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
