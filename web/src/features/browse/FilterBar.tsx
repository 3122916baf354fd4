import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { listCategoriesOptions } from '@/api/@tanstack/react-query.gen'
import { cn } from '@/lib/cn'
import { categoryName } from './category'
import { SearchBox } from './SearchBox'
import { useFilters } from './useFilters'

const SORTS = ['latest', 'popular'] as const

export function FilterBar() {
  const { t } = useTranslation()
  const { filters, addressOf, search } = useFilters()
  const categories = useQuery(listCategoriesOptions())
  return (
    <div className="mb-4 flex flex-col gap-3">
      <SearchBox q={filters.q} onSearch={search} />
      <nav
        aria-label={t('browse.categories')}
        className="-mx-4 flex gap-2 overflow-x-auto px-4 py-1 sm:-mx-1 sm:flex-wrap sm:px-1"
      >
        <Choice to={addressOf({ category: '' })} isChosen={!filters.category}>
          {t('browse.all')}
        </Choice>
        {categories.data?.map(({ category }) => (
          <Choice key={category} to={addressOf({ category })} isChosen={filters.category === category}>
            {categoryName(t, category)}
          </Choice>
        ))}
      </nav>
    </div>
  )
}

export function SortChoice() {
  const { t } = useTranslation()
  const { filters, addressOf } = useFilters()
  return (
    <nav aria-label={t('browse.sort')} className="flex gap-1 rounded-full bg-raised p-1">
      {SORTS.map((sort) => (
        <Link
          key={sort}
          to={addressOf({ sort })}
          preventScrollReset
          aria-current={filters.sort === sort ? 'true' : undefined}
          className={cn(
            'flex min-h-9 items-center rounded-full px-3 text-sm font-semibold',
            filters.sort === sort ? 'bg-surface shadow-sm' : 'text-muted hover:text-ink',
          )}
        >
          {t(`browse.${sort}`)}
        </Link>
      ))}
    </nav>
  )
}

function Choice({ to, isChosen, children }: { to: { search: string }; isChosen: boolean; children: ReactNode }) {
  return (
    <Link
      to={to}
      preventScrollReset
      aria-current={isChosen ? 'true' : undefined}
      className={cn(
        'flex min-h-11 shrink-0 items-center rounded-full border px-4 font-semibold sm:min-h-10',
        isChosen ? 'border-ink bg-ink text-page' : 'border-line bg-surface text-muted hover:text-ink',
      )}
    >
      {children}
    </Link>
  )
}
