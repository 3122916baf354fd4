import { useSearchParams } from 'react-router'
import { useNewcomer } from './useNewcomer'

export const SORTS = ['easiest', 'latest', 'popular'] as const
export const LEVELS = ['1', '2', '3', '4', '5'] as const
export const LENGTHS = ['short', 'medium', 'long'] as const
export type Sort = (typeof SORTS)[number]

export interface Filters {
  q: string
  category: string
  level: (typeof LEVELS)[number] | ''
  length: (typeof LENGTHS)[number] | ''
  /** Only what is good to start with. */
  start: boolean
  /** The chosen order; '' stands for the default. */
  sort: Sort | ''
}

const oneOf = <T extends string>(values: readonly T[], value: string | null): T | '' =>
  values.find((known) => known === value) ?? ''

/** The filters, kept in the URL so that Back, reload and shared links work. */
export function useFilters() {
  const [params, setParams] = useSearchParams()
  const isNewcomer = useNewcomer()
  const filters: Filters = {
    q: params.get('q') ?? '',
    category: params.get('category') ?? '',
    level: oneOf(LEVELS, params.get('level')),
    length: oneOf(LENGTHS, params.get('length')),
    start: params.get('start') === 'yes',
    sort: oneOf(SORTS, params.get('sort')),
  }
  /** The order of the list: the chosen one, else that for newcomers or the latest; null until this is known. */
  const sort = filters.sort || (isNewcomer === null ? null : isNewcomer ? 'easiest' : 'latest')
  /** The URL with some filters changed, for a link. */
  const addressOf = (change: Partial<Filters>) => ({ search: searchOf({ ...filters, ...change }).toString() })
  const choose = (change: Partial<Filters>) =>
    setParams(searchOf({ ...filters, ...change }), { preventScrollReset: true })
  const search = (q: string) =>
    // One step back leaves the search, regardless of what was typed in between.
    setParams(searchOf({ ...filters, q }), { replace: filters.q !== '', preventScrollReset: true })
  return { filters, sort, addressOf, choose, search }
}

export function isFiltered({ q, category, level, length, start }: Filters): boolean {
  return Boolean(q || category || level || length || start)
}

function searchOf({ start, ...texts }: Filters): URLSearchParams {
  const params = new URLSearchParams()
  for (const name of ['q', 'category', 'level', 'length'] as const) if (texts[name]) params.set(name, texts[name])
  if (start) params.set('start', 'yes')
  if (texts.sort) params.set('sort', texts.sort)
  return params
}
