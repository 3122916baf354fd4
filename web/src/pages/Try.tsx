import { useQuery } from '@tanstack/react-query'
import { Navigate } from 'react-router'
import { listTokensOptions } from '@/api/@tanstack/react-query.gen'
import { Failure, Loading } from '@/components/States'
import { chooseFirstLine } from '@/features/guest/firstLine'

/** Leads to the line for a first recording, or home when there is none yet. */
export function Try() {
  const lines = useQuery(listTokensOptions({ query: { limit: 100 } }))
  if (lines.isError) return <Failure error={lines.error} retry={() => void lines.refetch()} />
  if (!lines.data) return <Loading />
  const line = chooseFirstLine(lines.data.items)
  return <Navigate to={line ? `/lines/${line.id}` : '/'} replace />
}
