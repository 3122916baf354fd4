import { useInfiniteQuery } from '@tanstack/react-query'
import { Mic } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { DubbedToken } from '@/api'
import { listDubbedTokensInfiniteOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { ScoreBadge } from '@/components/ScoreBadge'
import { ShowMore } from '@/components/ShowMore'
import { Empty, Failure, Loading } from '@/components/States'
import { formatDate } from '@/lib/format'
import { PAGING } from '@/lib/queries'
import { LineRow } from './LineRow'

export function Dubs() {
  const { t } = useTranslation()
  const list = useInfiniteQuery({ ...listDubbedTokensInfiniteOptions({ query: { limit: 10 } }), ...PAGING })
  const dubs = list.data?.pages.flatMap((page) => page.items)
  if (list.isPending) return <Loading />
  if (!dubs) return <Failure error={list.error} retry={() => void list.refetch()} />
  if (dubs.length === 0) {
    return (
      <Empty icon={<Mic aria-hidden className="size-10" />} title={t('mypage.dubsNone')}>
        <p>{t('mypage.dubsNoneHelp')}</p>
        <Button asChild kind="primary">
          <Link to="/">{t('mypage.browse')}</Link>
        </Button>
      </Empty>
    )
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {dubs.map((dub) => (
          <LineRow key={dub.token.id} line={dub.token} facts={<Facts dub={dub} />}>
            <ScoreBadge score={dub.best_overall_score} label={t('mypage.best')} />
          </LineRow>
        ))}
      </ul>
      <ShowMore list={list} />
    </>
  )
}

function Facts({ dub }: { dub: DubbedToken }) {
  const { t } = useTranslation()
  const { first_overall_score: first, last_overall_score: last, attempts } = dub
  return (
    <>
      {' · '}
      {formatDate(dub.last_dubbed_at)} · {t('mypage.attemptsOf', { count: attempts })}
      {attempts > 1 && first !== null && last !== null && (
        <> · {t('mypage.firstToLast', { first: Math.round(first), last: Math.round(last) })}</>
      )}
    </>
  )
}
