import { useState } from 'react'
import { useUser } from '@/lib/session'

/** The id of the user who records here; remains when the session ends during a recording. */
export function useOwner(): number | null {
  const user = useUser()
  const [owner, setOwner] = useState(user?.id ?? null)
  if (user && user.id !== owner) setOwner(user.id)
  return user?.id ?? owner
}
