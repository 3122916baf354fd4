import { useInfiniteQuery } from '@tanstack/react-query'
import { Bookmark, BookmarkX } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { TokenSummary } from '@/api'
import { listBookmarksInfiniteOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { ShowMore } from '@/components/ShowMore'
import { Empty, Failure, Loading } from '@/components/States'
import { useBookmark } from '@/features/browse/useBookmark'
import { PAGING } from '@/lib/queries'
import { LineRow } from './LineRow'

export function Bookmarks() {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const list = useInfiniteQuery({ ...listBookmarksInfiniteOptions({ query: { limit: 10 } }), ...PAGING })
  const bookmarks = list.data?.pages.flatMap((page) => page.items)
  if (list.isPending) return <Loading />
  if (!bookmarks) return <Failure error={list.error} retry={() => void list.refetch()} />
  return (
    <div ref={box} tabIndex={-1} className="outline-none">
      {bookmarks.length === 0 && <NoBookmarks />}
      <ul className="divide-y divide-line">
        {bookmarks.map(({ id, token }) => (
          <LineRow key={id} line={token}>
            {/* The button disappears with its row, so the focus moves to the list. */}
            <RemoveButton line={token} onRemoved={() => box.current?.focus()} />
          </LineRow>
        ))}
      </ul>
      <ShowMore list={list} />
      <p className="sr-only" role="status">
        {bookmarks.length === 0 && t('mypage.bookmarksNone')}
      </p>
    </div>
  )
}

function NoBookmarks() {
  const { t } = useTranslation()
  return (
    <Empty icon={<Bookmark aria-hidden className="size-10" />} title={t('mypage.bookmarksNone')}>
      <p>{t('mypage.bookmarksNoneHelp')}</p>
      <Button asChild kind="primary">
        <Link to="/">{t('mypage.browse')}</Link>
      </Button>
    </Empty>
  )
}

function RemoveButton({ line, onRemoved }: { line: TokenSummary; onRemoved: () => void }) {
  const { t } = useTranslation()
  const bookmark = useBookmark(line)
  return (
    <Button
      kind="ghost"
      size="icon"
      aria-label={t('mypage.removeBookmark', { line: line.text })}
      aria-disabled={bookmark.isPending}
      onClick={() => bookmark.isPending || void bookmark.mutateAsync(false).then(onRemoved, () => undefined)}
    >
      <BookmarkX aria-hidden className="size-5" />
    </Button>
  )
}
