import { QueryClient, type Query } from '@tanstack/react-query'
import type { TokenDetail } from '@/api/types.gen'
import { isOffline, onReconnect } from './connection'
import { isTransient } from './problem'

/**
 * Retries only transient errors: a 404 stays a 404. While offline, requests fail immediately and the page says why,
 * instead of waiting for a connection.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      networkMode: 'always',
      refetchOnReconnect: true,
      retry: (failures, error) => failures < 2 && !isOffline() && isTransient(error),
    },
    mutations: { networkMode: 'always' },
  },
})

onReconnect(() => void queryClient.refetchQueries({ predicate: ({ state }) => state.status === 'error' }))

// Reading a scene counts a view, so it is requested once per visit.
queryClient.setQueryDefaults([{ _id: 'getScript' }], { staleTime: Infinity })
// A result holds 20 kB of curves; a learner who records several takes looks at each once.
queryClient.setQueryDefaults([{ _id: 'getResult' }], { gcTime: 60_000 })

/**
 * Drops all cached answers, which were those of another user; the ones that the page shows are requested again. A line
 * that it shows stays without its scores meanwhile, since a recording of it may be in progress.
 */
export function forgetAnswers() {
  const isShownLine = (query: Query) => query.isActive() && (query.queryKey[0] as { _id?: string })._id === 'getToken'
  queryClient.getMutationCache().clear()
  queryClient.setQueriesData<TokenDetail>({ predicate: isShownLine }, (line) => line && { ...line, mine: null })
  void queryClient.invalidateQueries({ predicate: isShownLine })
  void queryClient.resetQueries({ predicate: (query) => !isShownLine(query) })
}

/** The paging options that the generated query options lack. */
export const PAGING = {
  initialPageParam: {},
  getNextPageParam: (page: { next_cursor?: string | null }) => page.next_cursor,
}
