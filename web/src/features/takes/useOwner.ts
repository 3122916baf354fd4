import { useState } from 'react'
import { useGuest, useUser } from '@/lib/session'

/** The id of the user or guest who records here; null before a visitor's first recording. */
export function useRecorderId(): number | null {
  const user = useUser()
  const guest = useGuest()
  return user?.id ?? guest?.id ?? null
}

/** As `useRecorderId`, but it remains when the session ends during a recording. */
export function useOwner(): number | null {
  const id = useRecorderId()
  const [owner, setOwner] = useState(id)
  if (id !== null && id !== owner) setOwner(id)
  return id ?? owner
}
