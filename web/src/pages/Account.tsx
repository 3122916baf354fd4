import { ArrowLeft, UserRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { UserResponse } from '@/api'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { PageTitle } from '@/components/PageTitle'
import { RequireSession } from '@/components/RequireSession'
import { DeleteAccount } from '@/features/mypage/DeleteAccount'
import { Export } from '@/features/mypage/Export'
import { Recordings } from '@/features/mypage/Recordings'
import { SignOut } from '@/features/mypage/SignOut'
import { formatDate } from '@/lib/format'
import { useUser } from '@/lib/session'

export function Account() {
  return (
    <RequireSession>
      <AccountContent />
    </RequireSession>
  )
}

function AccountContent() {
  const { t } = useTranslation()
  const user = useUser()
  return (
    <div className="mx-auto max-w-3xl">
      <Button asChild kind="ghost" size="small" className="-ml-3 mb-2">
        <Link to="/me">
          <ArrowLeft aria-hidden className="size-4" />
          {t('account.back')}
        </Link>
      </Button>
      <PageTitle title={t('account.title')} />
      <div className="flex flex-col gap-4">
        {user && <Profile user={user} />}
        <Export />
        <Recordings />
        <DeleteAccount />
      </div>
    </div>
  )
}

function Profile({ user }: { user: UserResponse }) {
  const { t } = useTranslation()
  return (
    <Card className="flex flex-wrap items-center gap-4">
      <Picture url={user.picture_url} />
      <div className="min-w-0 flex-1 basis-48">
        <h2 className="text-lg font-bold">{user.name}</h2>
        <p className="text-muted">{user.email}</p>
        <p className="text-sm text-muted">{t('account.joined', { date: formatDate(user.created_at) })}</p>
      </div>
      <SignOut />
    </Card>
  )
}

function Picture({ url }: { url: string | null }) {
  const [isBroken, setBroken] = useState(false)
  if (url && !isBroken) {
    // Google refuses to serve pictures to requests with a referrer.
    return (
      <img
        src={url}
        alt=""
        referrerPolicy="no-referrer"
        onError={() => setBroken(true)}
        className="size-14 rounded-full object-cover"
      />
    )
  }
  return (
    <span className="flex size-14 items-center justify-center rounded-full bg-raised text-muted">
      <UserRound aria-hidden className="size-7" />
    </span>
  )
}
