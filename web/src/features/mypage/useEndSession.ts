import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { closeSession } from '@/lib/session'

/** Leaves as nobody: home, before this page would ask to sign in, and nothing of mine stays in memory. */
export function useEndSession() {
  const navigate = useNavigate()
  const client = useQueryClient()
  return async () => {
    await navigate('/', { flushSync: true })
    closeSession()
    client.clear()
  }
}
