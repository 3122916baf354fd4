import { Keyboard } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'

/** A dialog with the keyboard shortcuts of a page. */
export function KeyboardHelp({ keys }: { keys: [key: string, action: string][] }) {
  const { t } = useTranslation()
  return (
    <Dialog
      title={t('studio.keys.title')}
      trigger={
        <Button kind="ghost" size="small" className="max-sm:hidden">
          <Keyboard aria-hidden className="size-4" /> {t('studio.keys.open')}
        </Button>
      }
    >
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-3">
        {keys.map(([key, action]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded-lg border border-line bg-raised px-2.5 py-1 font-sans text-sm font-semibold">
                {key}
              </kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
