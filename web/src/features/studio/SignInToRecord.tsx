import { Mic } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { Button } from '@/components/Button'

/** Replaces the record button for visitors; signing in leads back here. */
export function SignInToRecord() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  return (
    <div className="flex flex-col items-center gap-3 text-center">
      <Button asChild kind="record" size="large">
        <Link to="/sign-in" state={{ from: pathname }}>
          <Mic aria-hidden /> {t('studio.recorder.signIn')}
        </Link>
      </Button>
      <p className="text-sm text-muted">{t('studio.recorder.signInHelp')}</p>
    </div>
  )
}
