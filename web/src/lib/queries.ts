import { QueryClient } from '@tanstack/react-query'
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

/** Drops all cached answers, which were those of another user; the ones that the page shows are requested again. */
export function forgetAnswers() {
  queryClient.getMutationCache().clear()
  void queryClient.resetQueries()
}

/** The paging options that the generated query options lack. */
export const PAGING = {
  initialPageParam: {},
  getNextPageParam: (page: { next_cursor?: string | null }) => page.next_cursor,
}
