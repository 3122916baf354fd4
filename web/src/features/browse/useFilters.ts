import { useSearchParams } from 'react-router'

export interface Filters {
  q: string
  category: string
  sort: 'latest' | 'popular'
}

/** The filters, kept in the URL so that Back, reload and shared links work. */
export function useFilters() {
  const [params, setParams] = useSearchParams()
  const filters: Filters = {
    q: params.get('q') ?? '',
    category: params.get('category') ?? '',
    sort: params.get('sort') === 'popular' ? 'popular' : 'latest',
  }
  /** The URL with some filters changed, for a link. */
  const addressOf = (change: Partial<Filters>) => ({ search: searchOf({ ...filters, ...change }).toString() })
  const search = (q: string) =>
    // One step back leaves the search, regardless of what was typed in between.
    setParams(searchOf({ ...filters, q }), { replace: filters.q !== '', preventScrollReset: true })
  return { filters, addressOf, search }
}

function searchOf({ q, category, sort }: Filters): URLSearchParams {
  const params = new URLSearchParams()
  if (q) params.set('q', q)
  if (category) params.set('category', category)
  if (sort !== 'latest') params.set('sort', sort)
  return params
}
