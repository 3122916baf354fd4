import { toast } from 'sonner'
import type { SessionResponse } from '@/api'
import i18n from '@/lib/i18n'
import { openSession, withSessionLock } from '@/lib/session'

type Answer = { data?: SessionResponse; error?: unknown }

/** Sends a sign-in and opens its session; tells what became of the recordings of a guest. Returns the error, or null. */
export async function finishSignIn(send: () => Promise<Answer>, keepTakes: boolean): Promise<unknown> {
  const { data, error } = await withSessionLock(send)
  if (!data) return error
  openSession(data, keepTakes ? data.user.id : null)
  const { takes_kept: kept = 0, takes_refused: refused = 0 } = data
  if (kept > 0) toast.success(i18n.t('account.signIn.kept', { count: kept }))
  if (refused > 0) toast.warning(i18n.t('account.signIn.notKept', { count: refused }))
  return null
}
