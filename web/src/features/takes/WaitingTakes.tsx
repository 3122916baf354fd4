import { useQueryClient } from '@tanstack/react-query'
import { CloudUpload } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { listAttemptsQueryKey } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { Dialog, DialogClose } from '@/components/Dialog'
import { addGuestTake } from '@/features/guest/guestTakes'
import { isOffline } from '@/lib/connection'
import { explain } from '@/lib/problem'
import { onVisitEnd, useGuest, useSession } from '@/lib/session'
import {
  discardTake,
  discardTakesOf,
  dropTakesOf,
  moveTakes,
  onTakeAccepted,
  startSending,
  sendTakes,
  useTakes,
  type Take,
} from './takes'
import { useRecorderId } from './useOwner'

/** Sends the recordings of the signed-in user or the guest, and shows a banner while some of them wait. */
export function WaitingTakes() {
  const session = useSession()
  const userId = useRecorderId()
  const client = useQueryClient()
  useGuestTakes()
  useEffect(() => startSending(userId), [userId])
  useEffect(
    () =>
      onTakeAccepted(
        (token_id) => void client.invalidateQueries({ queryKey: listAttemptsQueryKey({ query: { token_id } }) }),
      ),
    [client],
  )
  const takes = useTakes().filter((take) => take.failures > 0 && ['waiting', 'sending'].includes(take.state))
  const mine = takes.filter((take) => take.userId === userId)
  if (session.status === 'restoring' || takes.length === 0) return null
  if (userId === null) return <SignInBanner count={takes.length} />
  return mine.length > 0 && <WaitingBanner takes={mine} />
}

/** Notes what the server has accepted of a guest; afterwards their takes are the account's, or are discarded. */
function useGuestTakes() {
  const guestId = useGuest()?.id
  useEffect(() => {
    if (guestId !== undefined) return onTakeAccepted((tokenId, jobId) => addGuestTake(guestId, tokenId, jobId))
  }, [guestId])
  useEffect(
    () =>
      onVisitEnd((id, heir) => {
        if (heir === 'elsewhere') dropTakesOf(id)
        else void (heir === null ? discardTakesOf(id) : moveTakes(id, heir))
      }),
    [],
  )
}

const BANNER_CLASSES =
  'mb-6 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-2xl border border-fair bg-surface px-4 py-3'

function SignInBanner({ count }: { count: number }) {
  const { t } = useTranslation()
  return (
    <p role="status" className={BANNER_CLASSES}>
      <CloudUpload aria-hidden className="size-5 text-fair" />
      {t('studio.waiting.signIn', { count })}
    </p>
  )
}

function WaitingBanner({ takes }: { takes: Take[] }) {
  const { t } = useTranslation()
  const count = takes.length
  const isSending = takes.some(({ state }) => state === 'sending')
  const error = takes.find((take) => take.error)?.error
  return (
    <section aria-label={t('studio.waiting.label')} className={BANNER_CLASSES}>
      <CloudUpload aria-hidden className="size-5 shrink-0 text-fair" />
      <div role="status" className="min-w-48 flex-1">
        <p className="font-semibold">{t('studio.waiting.count', { count })}</p>
        <p className="text-sm text-muted">
          {error || isOffline() ? explain(error) : t('studio.waiting.storedOnDevice')}
        </p>
      </div>
      <Button size="small" kind="primary" disabled={isSending} onClick={() => void sendTakes()}>
        {t(isSending ? 'studio.waiting.sending' : 'studio.waiting.now')}
      </Button>
      <Dialog
        title={t('studio.waiting.discardTitle', { count })}
        description={t('studio.waiting.discardHelp')}
        trigger={<Button size="small">{t('studio.waiting.discard')}</Button>}
      >
        <div className="flex justify-end gap-3">
          <DialogClose asChild>
            <Button>{t('common.cancel')}</Button>
          </DialogClose>
          <DialogClose asChild>
            <Button kind="danger" onClick={() => takes.forEach(({ key }) => discardTake(key))}>
              {t('studio.waiting.discard')}
            </Button>
          </DialogClose>
        </div>
      </Dialog>
    </section>
  )
}
