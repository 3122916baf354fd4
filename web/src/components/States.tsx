import { CircleAlert, LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { asProblem, explain } from '@/lib/problem'
import { Button } from './Button'

export function Loading({ label }: { label?: string }) {
  const { t } = useTranslation()
  return (
    <p role="status" className="flex items-center justify-center gap-3 py-16 text-muted">
      <LoaderCircle aria-hidden className="animate-spin" /> {label ?? t('common.loading')}
    </p>
  )
}

/** What went wrong, and the way on: another attempt, or home from what does not exist. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const isMissing = asProblem(error)?.status === 404
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-4 py-16 text-center">
      <CircleAlert aria-hidden className="size-10 text-poor" />
      <p>{explain(error)}</p>
      {isMissing ? (
        <Button asChild kind="primary">
          <Link to="/">{t('browse.notFound.home')}</Link>
        </Button>
      ) : (
        retry && <Button onClick={retry}>{t('common.retry')}</Button>
      )}
    </div>
  )
}

export function Empty({ icon, title, children }: { icon: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 py-12 text-center text-muted">
      {icon}
      <p className="text-lg font-semibold text-ink">{title}</p>
      {children}
    </div>
  )
}
