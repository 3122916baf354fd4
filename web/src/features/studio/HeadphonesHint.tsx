import { Headphones, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { createPreference } from '@/lib/preference'

const preference = createPreference('yousync.headphones-hint', ['unseen', 'seen'] as const, 'unseen')

/** Called by the first take: whoever has recorded needs the hint no more. */
export function closeHeadphonesHint() {
  preference.set('seen')
}

/** Before somebody's first recording: the actor's voice from a loudspeaker would be recorded too. */
export function HeadphonesHint() {
  const { t } = useTranslation()
  if (preference.use() === 'seen') return null
  return (
    <div role="note" className="flex items-center gap-3 rounded-xl bg-raised py-1 pr-1 pl-4 text-sm">
      <Headphones aria-hidden className="size-5 shrink-0" />
      <p className="flex-1">{t('studio.headphones.hint')}</p>
      <Button kind="ghost" size="icon" aria-label={t('studio.headphones.close')} onClick={closeHeadphonesHint}>
        <X aria-hidden className="size-5" />
      </Button>
    </div>
  )
}
