import { ShieldAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { RequireSession } from '@/components/RequireSession'
import { Empty } from '@/components/States'
import { useUser } from '@/lib/session'

/** Shows its children to administrators; the server refuses everybody else, too. */
export function RequireAdmin({ children }: { children: ReactNode }) {
  return (
    <RequireSession>
      <IfAdmin>{children}</IfAdmin>
    </RequireSession>
  )
}

function IfAdmin({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  if (useUser()?.is_admin) return children
  return (
    <Empty icon={<ShieldAlert aria-hidden className="size-10" />} title={t('curator.adminOnly')}>
      <p>{t('curator.adminOnlyHelp')}</p>
    </Empty>
  )
}
