import { useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation } from 'react-router'
import type { SignInOptions } from '@/api'
import { getSignInOptionsOptions } from '@/api/@tanstack/react-query.gen'
import { Card } from '@/components/Card'
import { PageTitle } from '@/components/PageTitle'
import { Empty, Failure, Loading } from '@/components/States'
import { useGuestTakes } from '@/features/guest/guestTakes'
import { DevelopmentForm } from '@/features/signin/DevelopmentForm'
import { GoogleButton } from '@/features/signin/GoogleButton'
import { useTakes } from '@/features/takes/takes'
import { useGuest, useSession } from '@/lib/session'

/** The page that asked to sign in, or home. */
function useReturnPath(): string {
  const state = useLocation().state as { from?: string } | null
  return state?.from ?? '/'
}

export function SignIn() {
  const session = useSession()
  const from = useReturnPath()
  if (session.status === 'restoring') return <Loading />
  if (session.status === 'signed-in') return <RedirectSignedIn to={from} />
  return <Form />
}

/**
 * Drops the answers that the visitor got, except scenes: they are the same, and reading one counts a view. Those of a
 * previous user, such as drafts, were dropped at the end of their session.
 */
function RedirectSignedIn({ to }: { to: string }) {
  const client = useQueryClient()
  useEffect(() => {
    client.removeQueries({ predicate: ({ queryKey: [key] }) => (key as { _id?: string })._id !== 'getScript' })
  }, [client])
  return <Navigate to={to} replace />
}

function Form() {
  const { t } = useTranslation()
  const options = useQuery(getSignInOptionsOptions())
  return (
    <div className="mx-auto max-w-md py-4">
      <PageTitle title={t('account.signIn.title')} />
      <p className="mb-6 text-muted">{t('account.signIn.text')}</p>
      {options.isPending ? (
        <Loading />
      ) : options.data ? (
        <SignInMethods options={options.data} />
      ) : (
        <Failure error={options.error} retry={() => void options.refetch()} />
      )}
    </div>
  )
}

function SignInMethods({ options: { google_client_id: clientId, development } }: { options: SignInOptions }) {
  const { t } = useTranslation()
  const [keepTakes, setKeepTakes] = useState(true)
  if (!clientId && !development) {
    return (
      <Empty icon={<KeyRound aria-hidden className="size-10" />} title={t('account.signIn.none')}>
        <p>{t('account.signIn.noneHelp')}</p>
      </Empty>
    )
  }
  return (
    <Card className="flex flex-col gap-6">
      <KeepTakesChoice isChosen={keepTakes} onChange={setKeepTakes} />
      {clientId && <GoogleButton clientId={clientId} keepTakes={keepTakes} />}
      {clientId && development && (
        <p className="flex items-center gap-3 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          {t('account.signIn.or')}
        </p>
      )}
      {development && (
        <div>
          <h2 className="font-bold">{t('account.signIn.development')}</h2>
          <p className="mb-4 text-sm text-muted">{t('account.signIn.developmentText')}</p>
          <DevelopmentForm keepTakes={keepTakes} />
        </div>
      )}
    </Card>
  )
}

/** What happens to the recordings that were made here without signing in: another person may have made them. */
function KeepTakesChoice({ isChosen, onChange }: { isChosen: boolean; onChange: (isChosen: boolean) => void }) {
  const { t } = useTranslation()
  const guestId = useGuest()?.id
  const accepted = useGuestTakes(guestId).length
  const waiting = useTakes().filter(({ userId, state }) => userId === guestId && state !== 'accepted').length
  const count = accepted + waiting
  if (guestId === undefined || count === 0) return null
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl bg-raised px-4 py-3">
      <input
        type="checkbox"
        checked={isChosen}
        onChange={(event) => onChange(event.target.checked)}
        className="size-5 shrink-0 accent-ink"
      />
      <span>
        <span className="block font-semibold">{t('account.signIn.keep', { count })}</span>
        <span className="block text-sm text-muted">{t('account.signIn.keepHelp')}</span>
      </span>
    </label>
  )
}
