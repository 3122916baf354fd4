import { useQuery } from '@tanstack/react-query'
import { Navigate } from 'react-router'
import { listPopularScriptsOptions } from '@/api/@tanstack/react-query.gen'
import { Failure, Loading } from '@/components/States'

/** Leads to a first scene: where a link to it was followed before any scene was loaded. */
export function Start() {
  const { data, isError, error, refetch } = useQuery(listPopularScriptsOptions())
  if (isError) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return <Navigate to={data[0] ? `/scenes/${data[0].id}` : '/'} replace />
}
