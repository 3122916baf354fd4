import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { cn } from '@/lib/cn'

const PAGES = {
  scenes: '/curator',
  import: '/curator/import',
  actors: '/curator/actors',
  requests: '/curator/requests',
}
const NAMES = ['scenes', 'import', 'actors', 'requests'] as const

/** The pages of administrators. */
export function CuratorNav() {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('curator.nav.label')}
      className="mb-6 flex gap-1 overflow-x-auto rounded-full bg-raised p-1 sm:w-fit"
    >
      {NAMES.map((name) => (
        <NavLink
          key={name}
          to={PAGES[name]}
          end
          className={({ isActive }) =>
            cn(
              'flex min-h-11 items-center rounded-full px-4 text-sm font-semibold whitespace-nowrap',
              isActive ? 'bg-surface shadow-sm' : 'text-muted hover:text-ink',
            )
          }
        >
          {t(`curator.nav.${name}`)}
        </NavLink>
      ))}
    </nav>
  )
}
