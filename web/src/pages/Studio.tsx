import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { getTokenOptions } from '@/api/@tanstack/react-query.gen'
import { PageTitle } from '@/components/PageTitle'
import { Failure, Loading } from '@/components/States'
import { LineStudio } from '@/features/studio/LineStudio'
import { asProblem } from '@/lib/problem'
import { useSession } from '@/lib/session'
import { NotFound } from './NotFound'

export function Studio() {
  const tokenId = Number(useParams().tokenId)
  return Number.isInteger(tokenId) && tokenId > 0 ? <Line key={tokenId} tokenId={tokenId} /> : <NotFound />
}

function Line({ tokenId }: { tokenId: number }) {
  const { t } = useTranslation()
  const session = useSession()
  const line = useQuery({
    ...getTokenOptions({ path: { token_id: tokenId } }),
    enabled: session.status !== 'restoring', // `mine` is only present with a session
  })
  if (line.data) return <LineStudio line={line.data} />
  if (!line.isError) return <Loading />
  return (
    <>
      <PageTitle title={t('studio.title')} />
      <Failure error={line.error} retry={() => void line.refetch()} />
      {session.status === 'signed-in' && asProblem(line.error)?.status === 404 && (
        <p className="mt-4 text-center text-muted">
          {t('studio.gone')}{' '}
          <Link to="/me" className="font-semibold text-ink underline">
            {t('nav.me')}
          </Link>
        </p>
      )}
    </>
  )
}
