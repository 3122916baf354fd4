import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { closeSession } from '@/lib/session'

/** Ends the session: goes home first (this page would redirect to sign-in), then clears all cached data. */
export function useEndSession() {
  const navigate = useNavigate()
  const client = useQueryClient()
  return async () => {
    await navigate('/', { flushSync: true })
    closeSession()
    client.clear()
  }
}
