import { useQueryClient } from '@tanstack/react-query'

const LISTS = new Set(['listSceneRequests', 'listOwnSceneRequests'])

/** Returns what loads the lists of requests again after a change. */
export function useForgetRequests() {
  const queries = useQueryClient()
  return () =>
    queries.invalidateQueries({ predicate: ({ queryKey }) => LISTS.has((queryKey[0] as { _id?: string })._id ?? '') })
}
