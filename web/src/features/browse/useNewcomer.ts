import { useQuery } from '@tanstack/react-query'
import { listSceneProgressOptions } from '@/api/@tanstack/react-query.gen'
import { useSession } from '@/lib/session'

/** True for visitors and for learners without a recording; null until this is known. */
export function useNewcomer(): boolean | null {
  const session = useSession()
  const isSignedIn = session.status === 'signed-in'
  const progress = useQuery({ ...listSceneProgressOptions(), enabled: isSignedIn })
  if (session.status === 'restoring') return null
  if (!isSignedIn) return true
  if (progress.isError) return false
  return progress.data ? progress.data.every((scene) => scene.tokens_dubbed === 0) : null
}
