import { useTranslation } from 'react-i18next'
import { PageTitle } from '@/components/PageTitle'
import { RequireSession } from '@/components/RequireSession'
import { AskForm } from '@/features/requests/AskForm'
import { OpenRequests, OwnRequests } from '@/features/requests/RequestLists'
import '@/features/requests/texts'

/** Requests for scenes: ask, vote, read answers. */
export function Requests() {
  const { t } = useTranslation()
  return (
    <RequireSession>
      <PageTitle title={t('requests.title')} />
      <div className="flex flex-col gap-4">
        <AskForm />
        <OwnRequests />
        <OpenRequests />
      </div>
    </RequireSession>
  )
}
