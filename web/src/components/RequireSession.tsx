import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { useSession } from '@/lib/session'
import { Loading } from './States'

/** Shows its children to signed-in learners; redirects others to the sign-in page, which leads back afterwards. */
export function RequireSession({ children }: { children: ReactNode }) {
  const session = useSession()
  const { pathname, search } = useLocation()
  if (session.status === 'restoring') return <Loading />
  if (session.status === 'anonymous') return <Navigate to="/sign-in" replace state={{ from: pathname + search }} />
  return children
}
