import { useState } from 'react'
import { useUser } from '@/lib/session'

/** Whose recordings are made here. A session that ends in the middle of one does not make it nobody's. */
export function useOwner(): number | null {
  const user = useUser()
  const [owner, setOwner] = useState(user?.id ?? null)
  if (user && user.id !== owner) setOwner(user.id)
  return user?.id ?? owner
}
