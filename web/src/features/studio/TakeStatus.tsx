import { CircleAlert, CloudUpload, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { isQuota, sendAgain, type Take } from '@/features/takes/takes'
import { explain } from '@/lib/problem'

/** The upload status of the take; nothing once it is accepted. */
export function TakeStatus({ take, again }: { take: Take; again: () => void }) {
  const { t } = useTranslation()
  if (take.state === 'accepted') return null
  if (take.state === 'refused') return <Refused take={take} again={again} />
  const hasFailed = take.failures > 0
  const Icon = hasFailed ? CloudUpload : LoaderCircle
  return (
    <p role="status" className="flex items-center gap-2 text-sm text-muted">
      <Icon aria-hidden className={hasFailed ? 'size-4 text-fair' : 'size-4 animate-spin'} />
      {t(hasFailed ? 'studio.take.storedOnDevice' : 'studio.take.sending')}
    </p>
  )
}

function Refused({ take, again }: { take: Take; again: () => void }) {
  const { t } = useTranslation()
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 rounded-xl border border-poor p-4">
      <CircleAlert aria-hidden className="size-5 shrink-0 text-poor" />
      <p className="min-w-48 flex-1">{explain(take.error)}</p>
      {isQuota(take.error) && (
        <Button size="small" onClick={() => sendAgain(take.key)}>
          {t('studio.take.sendAgain')}
        </Button>
      )}
      <Button size="small" onClick={again}>
        {t('studio.recorder.again')}
      </Button>
    </div>
  )
}
