import { Mic } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { Button } from '@/components/Button'

/** Replaces the record button for visitors, and for guests whose recordings are used up; signing in leads back here. */
export function SignInToRecord({ isUsedUp = false }: { isUsedUp?: boolean }) {
  const { t } = useTranslation()
  const { pathname, search } = useLocation()
  return (
    <div className="flex flex-col items-center gap-3 text-center">
      <Button asChild kind="record" size="large">
        <Link to="/sign-in" state={{ from: pathname + search }}>
          <Mic aria-hidden /> {t('studio.recorder.signIn')}
        </Link>
      </Button>
      <p className="text-sm text-muted">{t(isUsedUp ? 'studio.guest.usedUp' : 'studio.recorder.signInHelp')}</p>
    </div>
  )
}
