import { QueryClient } from '@tanstack/react-query'
import { isTransient } from './problem'

/**
 * Only what may pass is tried again: a 404 stays a 404. Without a network requests fail at once, and the page says why,
 * instead of waiting for one.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      networkMode: 'always',
      refetchOnReconnect: true,
      retry: (failures, error) => failures < 2 && navigator.onLine && isTransient(error),
    },
    mutations: { networkMode: 'always' },
  },
})

// Reading a scene counts a view, so it is read once a visit.
queryClient.setQueryDefaults([{ _id: 'getScript' }], { staleTime: Infinity })

/** What the generated options of paged lists leave open. */
export const PAGING = {
  initialPageParam: {},
  getNextPageParam: (page: { next_cursor?: string | null }) => page.next_cursor,
}
