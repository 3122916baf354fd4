import { QueryClient } from '@tanstack/react-query'
import { isPassing } from './problem'

/** Only what may pass is tried again: a 404 stays a 404. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
  },
})

// Reading a scene counts a view, so it is read once a visit.
queryClient.setQueryDefaults([{ _id: 'getScript' }], { staleTime: Infinity })

/** What the generated options of paged lists leave open. */
export const PAGED = {
  initialPageParam: {},
  getNextPageParam: (page: { next_cursor?: string | null }) => page.next_cursor,
}
