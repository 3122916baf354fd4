import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import { deleteMeMutation } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { Dialog, DialogClose } from '@/components/Dialog'
import { discardTakesOf } from '@/features/takes/takes'
import { explain } from '@/lib/problem'
import { useUser } from '@/lib/session'
import { useEndSession } from './useEndSession'

const ERASED = ['profile', 'recordings', 'results', 'bookmarks'] as const

export function DeleteAccount() {
  const { t } = useTranslation()
  return (
    <Card>
      <CardTitle>{t('account.delete.title')}</CardTitle>
      <p className="mb-4 text-muted">{t('account.delete.text')}</p>
      <Dialog
        title={t('account.delete.confirmTitle')}
        description={t('account.delete.confirmText')}
        trigger={<Button kind="danger">{t('account.delete.button')}</Button>}
      >
        <Confirmation />
      </Dialog>
    </Card>
  )
}

function Confirmation() {
  const { t } = useTranslation()
  const [isSure, setSure] = useState(false)
  const user = useUser()
  const endSession = useEndSession()
  const erasure = useMutation({
    ...deleteMeMutation(),
    onSuccess: async () => {
      if (user) await discardTakesOf(user.id)
      await endSession()
      toast.success(t('account.delete.done'))
    },
  })
  return (
    <>
      <ErasedData />
      <label className="flex min-h-11 cursor-pointer items-center gap-3 font-semibold">
        <input
          type="checkbox"
          checked={isSure}
          onChange={(event) => setSure(event.target.checked)}
          className="size-5 shrink-0 accent-poor"
        />
        {t('account.delete.confirmCheckbox')}
      </label>
      {erasure.isError && (
        <p role="alert" className="mt-2 text-sm text-poor">
          {explain(erasure.error)}
        </p>
      )}
      <div className="mt-5 flex flex-wrap justify-end gap-3">
        <DialogClose asChild>
          <Button>{t('common.cancel')}</Button>
        </DialogClose>
        <Button kind="danger" disabled={!isSure || erasure.isPending} onClick={() => erasure.mutate({})}>
          {t(erasure.isPending ? 'account.delete.working' : 'account.delete.confirmButton')}
        </Button>
      </div>
    </>
  )
}

function ErasedData() {
  const { t } = useTranslation()
  return (
    <>
      <ul className="mb-4 list-disc pl-5">
        {ERASED.map((name) => (
          <li key={name}>{t(`account.delete.${name}`)}</li>
        ))}
      </ul>
      <p className="mb-4 text-muted">{t('account.delete.exportFirst')}</p>
    </>
  )
}
