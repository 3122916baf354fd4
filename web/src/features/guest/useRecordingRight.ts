import { useQuery } from '@tanstack/react-query'
import { getSignInOptionsOptions } from '@/api/@tanstack/react-query.gen'
import { isGuestLimit, useTakes } from '@/features/takes/takes'
import { useGuest, useSession } from '@/lib/session'
import { useGuestTakes } from './guestTakes'

interface RecordingRight {
  /** `ask`: a visitor may record after agreeing; `used-up`: this guest has recorded as often as guests may. */
  kind: 'unknown' | 'free' | 'ask' | 'used-up' | 'sign-in'
  /** How often a guest may still record. */
  left: number
}

/** The number of recordings that a visitor may make without an account; undefined until it is known. */
export function useGuestAllowance(): number | undefined {
  const session = useSession()
  const isVisitor = session.status === 'anonymous'
  const options = useQuery({ ...getSignInOptionsOptions(), enabled: isVisitor, staleTime: Infinity })
  if (!isVisitor || options.isPending) return undefined
  return options.data?.guest_takes ?? 0
}

/** Whether the visitor of this page may record now. */
export function useRecordingRight(): RecordingRight {
  const session = useSession()
  const guest = useGuest()
  const allowance = useGuestAllowance()
  const left = useTakesLeft(guest?.id, allowance)
  if (session.status === 'signed-in') return { kind: 'free', left: Infinity }
  if (guest) return { kind: left > 0 ? 'free' : 'used-up', left }
  if (allowance === undefined) return { kind: 'unknown', left: 0 }
  return { kind: allowance > 0 ? 'ask' : 'sign-in', left: allowance }
}

/** Counts what the server has accepted and what still waits on this device. The server has the last word. */
function useTakesLeft(guestId: number | undefined, allowance = Infinity): number {
  const accepted = useGuestTakes(guestId).length
  const here = useTakes().filter(({ userId }) => userId === guestId)
  if (here.some(({ state, error }) => state === 'refused' && isGuestLimit(error))) return 0
  return Math.max(
    0,
    allowance - accepted - here.filter(({ state }) => state === 'waiting' || state === 'sending').length,
  )
}
