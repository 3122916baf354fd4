import { useTranslation } from 'react-i18next'
import { isRouteErrorResponse, useRouteError } from 'react-router'
import { Button } from '@/components/Button'

/** The error page. The usual cause is a new version installed while this one was open; a reload helps. */
export function Crashed() {
  const { t } = useTranslation()
  const error = useRouteError()
  if (!isRouteErrorResponse(error)) console.error(error)
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-4 px-6 py-24 text-center">
      <h1 className="text-2xl font-bold">{t('errors.crashed')}</h1>
      <p className="text-muted">{t('errors.crashedHelp')}</p>
      <Button kind="primary" onClick={() => location.reload()}>
        {t('common.reload')}
      </Button>
    </div>
  )
}
