import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { Dialog, DialogClose } from '@/components/Dialog'

interface Props {
  title: string
  text: string
  action: string
  trigger: ReactNode
  onConfirm: () => void
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, text, action, trigger, onConfirm }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog title={title} description={text} trigger={trigger}>
      <div className="flex flex-wrap justify-end gap-3">
        <DialogClose asChild>
          <Button>{t('common.cancel')}</Button>
        </DialogClose>
        <DialogClose asChild>
          <Button kind="danger" onClick={onConfirm}>
            {action}
          </Button>
        </DialogClose>
      </div>
    </Dialog>
  )
}
