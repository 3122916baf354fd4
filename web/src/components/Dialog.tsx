import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button'

interface Props {
  title: string
  description?: string
  trigger: ReactNode
  children: ReactNode
}

export const DialogClose = Radix.Close

export function Dialog({ title, description, trigger, children }: Props) {
  const { t } = useTranslation()
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/60" />
        <Radix.Content
          className="fixed inset-x-4 top-1/2 z-50 mx-auto max-h-[85dvh] max-w-lg -translate-y-1/2 overflow-y-auto rounded-2xl border border-line bg-surface p-6 shadow-2xl"
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <header className="mb-4 flex items-start justify-between gap-4">
            <Radix.Title className="text-xl font-bold">{title}</Radix.Title>
            <Radix.Close asChild>
              <Button kind="ghost" size="icon" aria-label={t('common.close')} className="-m-2">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </header>
          {description && <Radix.Description className="mb-4 text-muted">{description}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
