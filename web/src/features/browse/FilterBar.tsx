import { useQuery } from '@tanstack/react-query'
import { Sprout } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { listCategoriesOptions } from '@/api/@tanstack/react-query.gen'
import { cn } from '@/lib/cn'
import { categoryName } from './category'
import { SearchBox } from './SearchBox'
import { LENGTHS, LEVELS, SORTS, useFilters } from './useFilters'

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
      <EaseFilters />
    </div>
  )
}

/** What fits the learner: what is good to start with, a level, a length. */
function EaseFilters() {
  const { t } = useTranslation()
  const { filters, addressOf, choose } = useFilters()
  return (
    <div role="group" aria-label={t('browse.ease')} className="flex flex-wrap items-center gap-2">
      <Choice to={addressOf({ start: !filters.start })} isChosen={filters.start}>
        <Sprout aria-hidden className="mr-1.5 size-4" />
        {t('browse.goodStart')}
      </Choice>
      <Select
        label={t('browse.levelFilter')}
        value={filters.level}
        values={LEVELS}
        text={(level) => t('browse.level', { level })}
        onChange={(level) => choose({ level })}
      />
      <Select
        label={t('browse.lengthFilter')}
        value={filters.length}
        values={LENGTHS}
        text={(length) => t(`browse.length.${length}`)}
        onChange={(length) => choose({ length })}
      />
    </div>
  )
}

interface SelectProps<T extends string> {
  label: string
  value: T | ''
  values: readonly T[]
  text: (value: T) => string
  onChange: (value: T | '') => void
}

function Select<T extends string>({ label, value, values, text, onChange }: SelectProps<T>) {
  const { t } = useTranslation()
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(values.find((known) => known === event.target.value) ?? '')}
      className={cn(
        'min-h-11 cursor-pointer rounded-full border bg-surface px-3 font-semibold sm:min-h-10',
        value ? 'border-ink text-ink' : 'border-line text-muted',
      )}
    >
      <option value="">{t('browse.any', { what: label })}</option>
      {values.map((known) => (
        <option key={known} value={known}>
          {text(known)}
        </option>
      ))}
    </select>
  )
}

export function SortChoice() {
  const { t } = useTranslation()
  const { sort: current, addressOf } = useFilters()
  return (
    <nav aria-label={t('browse.sort')} className="flex gap-1 rounded-full bg-raised p-1">
      {SORTS.map((sort) => (
        <Link
          key={sort}
          to={addressOf({ sort })}
          preventScrollReset
          aria-current={current === sort ? 'true' : undefined}
          className={cn(
            'flex min-h-11 items-center rounded-full px-3 sm:min-h-9 text-sm font-semibold',
            current === sort ? 'bg-surface shadow-sm' : 'text-muted hover:text-ink',
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
