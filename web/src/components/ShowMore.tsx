import { useTranslation } from 'react-i18next'
import { explain } from '@/lib/problem'
import { Button } from './Button'

interface Props {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isFetchNextPageError: boolean
  error: unknown
  fetchNextPage: () => unknown
}

/** The "Show more" button of a paged list (an infinite query). */
export function ShowMore({ list }: { list: Props }) {
  const { t } = useTranslation()
  if (!list.hasNextPage) return null
  return (
    <div className="mt-8 flex flex-col items-center gap-3">
      {list.isFetchNextPageError && (
        <p role="alert" className="text-sm text-poor">
          {explain(list.error)}
        </p>
      )}
      <Button aria-disabled={list.isFetchingNextPage} onClick={() => list.isFetchingNextPage || list.fetchNextPage()}>
        {t(list.isFetchingNextPage ? 'common.loading' : 'common.more')}
      </Button>
    </div>
  )
}
