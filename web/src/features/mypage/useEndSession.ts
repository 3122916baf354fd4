import { useNavigate } from 'react-router'
import { closeSession } from '@/lib/session'

/** Ends the session: goes home first, since this page would redirect to sign-in. */
export function useEndSession() {
  const navigate = useNavigate()
  return async () => {
    await navigate('/', { flushSync: true })
    closeSession()
  }
}
