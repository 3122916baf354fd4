import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { useSession } from '@/lib/session'
import { Loading } from './States'

/** Shows its children to those who are signed in, and the others where to do so; they come back afterwards. */
export function RequireSession({ children }: { children: ReactNode }) {
  const session = useSession()
  const { pathname, search } = useLocation()
  if (session.status === 'restoring') return <Loading />
  if (session.status === 'anonymous') return <Navigate to="/sign-in" replace state={{ from: pathname + search }} />
  return children
}
