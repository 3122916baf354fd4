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
