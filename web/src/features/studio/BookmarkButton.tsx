import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { toast } from 'sonner'
import { createBookmark, deleteBookmark, type TokenDetail } from '@/api'
import { getOverviewQueryKey, getTokenQueryKey, listBookmarksQueryKey } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { WithTooltip } from '@/components/WithTooltip'
import { cn } from '@/lib/cn'
import { explain } from '@/lib/problem'
import { useUser } from '@/lib/session'

function useBookmark(line: TokenDetail) {
  const client = useQueryClient()
  const key = getTokenQueryKey({ path: { token_id: line.id } })
  return useMutation({
    scope: { id: `bookmark-${line.id}` }, // runs quick presses in order
    mutationFn: async (wanted: boolean) => {
      if (wanted) await createBookmark({ body: { token_id: line.id }, throwOnError: true })
      else await deleteBookmark({ path: { token_id: line.id }, throwOnError: true })
    },
    onMutate: async (bookmarked) => {
      await client.cancelQueries({ queryKey: key })
      client.setQueryData<TokenDetail>(key, (now) => now && { ...now, mine: now.mine && { ...now.mine, bookmarked } })
    },
    onError: (error, wanted) => {
      client.setQueryData<TokenDetail>(
        key,
        (now) => now && { ...now, mine: now.mine && { ...now.mine, bookmarked: !wanted } },
      )
      toast.error(explain(error))
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: listBookmarksQueryKey() }),
        client.invalidateQueries({ queryKey: getOverviewQueryKey() }),
      ]),
  })
}

export function BookmarkButton({ line }: { line: TokenDetail }) {
  const { t } = useTranslation()
  const user = useUser()
  const { pathname } = useLocation()
  const bookmark = useBookmark(line)
  const isBookmarked = line.mine?.bookmarked ?? false
  const label = t(isBookmarked ? 'studio.bookmark.remove' : 'studio.bookmark.add')
  if (!user) {
    return (
      <WithTooltip text={t('studio.bookmark.signIn')}>
        <Button asChild kind="ghost" size="icon">
          <Link to="/sign-in" state={{ from: pathname }} aria-label={t('studio.bookmark.signIn')}>
            <Bookmark aria-hidden />
          </Link>
        </Button>
      </WithTooltip>
    )
  }
  return (
    <WithTooltip text={label}>
      <Button
        kind="ghost"
        size="icon"
        aria-label={label}
        aria-pressed={isBookmarked}
        onClick={() => bookmark.mutate(!isBookmarked)}
      >
        <Bookmark aria-hidden className={cn(isBookmarked && 'fill-current text-actor')} />
      </Button>
    </WithTooltip>
  )
}
