import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { toast } from 'sonner'
import { deleteMe } from '@/api'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { Dialog, DialogClose } from '@/components/Dialog'
import { formatDateTime } from '@/lib/format'
import { asProblem, explain } from '@/lib/problem'
import { closeSession, type Guest } from '@/lib/session'
import { useRecordingRight } from './useRecordingRight'

/** Offers a guest to keep the recordings by signing in, or to delete them now. */
export function KeepTake({ guest }: { guest: Guest }) {
  const { t } = useTranslation()
  const { pathname, search } = useLocation()
  const { left } = useRecordingRight()
  return (
    <Card className="border-ink">
      <CardTitle>{t('studio.guest.keep.title')}</CardTitle>
      <p className="text-muted">{t('studio.guest.keep.until', { time: formatDateTime(guest.until) })}</p>
      {Number.isFinite(left) && (
        <p className="text-muted">
          {left > 0 ? t('studio.guest.keep.left', { count: left }) : t('studio.guest.usedUp')}
        </p>
      )}
      <div className="mt-4 flex flex-wrap gap-3">
        <Button asChild kind="primary" className="max-sm:w-full">
          <Link to="/sign-in" state={{ from: pathname + search }}>
            {t('studio.guest.keep.signIn')}
          </Link>
        </Button>
        <DeleteTakes />
      </div>
    </Card>
  )
}

async function deleteGuest() {
  try {
    await deleteMe({ throwOnError: true })
  } catch (error) {
    // 401: their time is over already.
    if (asProblem(error)?.status !== 401) throw error
  }
}

function DeleteTakes() {
  const { t } = useTranslation()
  const deletion = useMutation({
    mutationFn: deleteGuest,
    onSuccess: () => {
      closeSession()
      toast.success(t('studio.guest.keep.deleted'))
    },
    onError: (error) => toast.error(explain(error)),
  })
  return (
    <Dialog
      title={t('studio.guest.keep.deleteTitle')}
      description={t('studio.guest.keep.deleteText')}
      trigger={<Button className="max-sm:w-full">{t('studio.guest.keep.delete')}</Button>}
    >
      <div className="flex justify-end gap-3">
        <DialogClose asChild>
          <Button>{t('common.cancel')}</Button>
        </DialogClose>
        <DialogClose asChild>
          <Button kind="danger" disabled={deletion.isPending} onClick={() => deletion.mutate()}>
            {t('studio.guest.keep.delete')}
          </Button>
        </DialogClose>
      </div>
    </Dialog>
  )
}
