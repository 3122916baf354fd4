import { useMutation } from '@tanstack/react-query'
import { Mic } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { Button } from '@/components/Button'
import { explain } from '@/lib/problem'
import { beginVisit } from '@/lib/session'

interface Props {
  /** How often a visitor may record. */
  count: number
  record: () => void
}

/** Tells a visitor what happens to a recording; agreeing begins the visit and the first recording. */
export function AskToRecord({ count, record }: Props) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const visit = useMutation({ mutationFn: beginVisit, onSuccess: record })
  return (
    <div className="flex flex-col items-center gap-4 text-center">
      <div id="guest-terms" className="max-w-prose space-y-1 text-sm text-balance text-muted">
        <p>{t('studio.guest.terms', { count })}</p>
        <p>{t('studio.guest.children')}</p>
      </div>
      <Button
        kind="record"
        size="large"
        aria-describedby="guest-terms"
        disabled={visit.isPending}
        onClick={() => visit.mutate()}
      >
        <Mic aria-hidden /> {t('studio.guest.agree')}
      </Button>
      {visit.isError && (
        <p role="alert" className="text-sm text-poor">
          {explain(visit.error)}
        </p>
      )}
      <Link
        to="/sign-in"
        state={{ from: pathname }}
        className="inline-flex min-h-11 items-center font-semibold underline"
      >
        {t('studio.recorder.signIn')}
      </Link>
    </div>
  )
}
