import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { getTokenOptions } from '@/api/@tanstack/react-query.gen'
import { Failure, Loading } from '@/components/States'
import { Booth } from '@/features/studio/Booth'
import { useSession } from '@/lib/session'

export function Studio() {
  const tokenId = Number(useParams().tokenId)
  const session = useSession()
  const line = useQuery({
    ...getTokenOptions({ path: { token_id: tokenId } }),
    enabled: session.status !== 'restoring', // what is mine in it comes with the session only
  })
  if (line.data) return <Booth key={tokenId} line={line.data} />
  if (line.isError) return <Failure error={line.error} retry={() => void line.refetch()} />
  return <Loading />
}
