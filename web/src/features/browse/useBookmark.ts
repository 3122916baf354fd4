import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import { createBookmark, deleteBookmark, type LineProgress } from '@/api'
import {
  getOverviewQueryKey,
  getTokenQueryKey,
  listBookmarksInfiniteQueryKey,
  listLineProgressQueryKey,
} from '@/api/@tanstack/react-query.gen'
import { asProblem, explain } from '@/lib/problem'

interface Line {
  id: number
  script_id: number
}

async function save(token_id: number, bookmarked: boolean) {
  if (bookmarked) await createBookmark({ body: { token_id }, throwOnError: true })
  else await deleteBookmark({ path: { token_id }, throwOnError: true })
}

/** Sets or removes the bookmark of a line: an optimistic update, reverted if the server refuses. */
export function useBookmark({ id, script_id }: Line) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const queryKey = listLineProgressQueryKey({ path: { script_id } })
  const show = (bookmarked: boolean) =>
    client.setQueryData<LineProgress[]>(queryKey, (rows) =>
      rows?.map((row) => (row.token_id === id ? { ...row, bookmarked } : row)),
    )
  return useMutation({
    mutationFn: (bookmarked: boolean) => save(id, bookmarked),
    onMutate: async (bookmarked) => {
      await client.cancelQueries({ queryKey })
      show(bookmarked)
    },
    onError: (error, bookmarked) => {
      // Removed in another tab already: the learner's intent is met.
      if (!bookmarked && asProblem(error)?.status === 404) return
      show(!bookmarked)
      toast.error(t('browse.scene.bookmarkFailed', { why: explain(error) }))
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey }),
        client.invalidateQueries({ queryKey: getTokenQueryKey({ path: { token_id: id } }) }),
        client.invalidateQueries({ queryKey: listBookmarksInfiniteQueryKey() }),
        client.invalidateQueries({ queryKey: getOverviewQueryKey() }),
      ]),
  })
}
