import { useQuery } from '@tanstack/react-query'
import { Navigate } from 'react-router'
import { listPopularScriptsOptions, listTokensOptions } from '@/api/@tanstack/react-query.gen'
import { Failure, Loading } from '@/components/States'
import { useGuestAllowance } from '@/features/guest/useRecordingRight'
import { useSession } from '@/lib/session'

/** Leads to a first line that visitors may record at once, and where they may not, or without such a line, to a scene. */
export function Start() {
  const session = useSession()
  const allowance = useGuestAllowance()
  if (session.status === 'restoring' || (session.status === 'anonymous' && allowance === undefined)) return <Loading />
  return allowance ? <FirstLine /> : <FirstScene />
}

function FirstLine() {
  const lines = useQuery(listTokensOptions({ query: { sort: 'easiest', limit: 20 } }))
  if (lines.isError) return <Failure error={lines.error} retry={() => void lines.refetch()} />
  if (!lines.data) return <Loading />
  const line = lines.data.items.find(({ has_audio }) => has_audio)
  return line ? <Navigate to={`/lines/${line.id}`} replace /> : <FirstScene />
}

function FirstScene() {
  const scenes = useQuery(listPopularScriptsOptions())
  if (scenes.isError) return <Failure error={scenes.error} retry={() => void scenes.refetch()} />
  if (!scenes.data) return <Loading />
  return <Navigate to={scenes.data[0] ? `/scenes/${scenes.data[0].id}` : '/'} replace />
}
