import { Clapperboard, UserRound } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, NavLink, Outlet, ScrollRestoration, useLocation } from 'react-router'
import { WaitingTakes } from '@/features/takes/WaitingTakes'
import { cn } from '@/lib/cn'
import { useSession } from '@/lib/session'
import { Button } from './Button'
import { Preferences } from './Preferences'

const navLinkClasses = ({ isActive }: { isActive: boolean }) =>
  cn(
    'flex min-h-11 items-center gap-2 rounded-full px-3 font-semibold sm:px-4',
    isActive ? 'bg-raised' : 'text-muted hover:text-ink',
  )

export function Layout() {
  const { t } = useTranslation()
  const session = useSession()
  const { pathname, search } = useLocation()
  const main = useRef<HTMLElement>(null)
  const shownPath = useRef(pathname)

  useEffect(() => {
    // Screen readers and keyboards go on at the new page, not in the menu of the last one.
    if (shownPath.current !== pathname) main.current?.focus({ preventScroll: true })
    shownPath.current = pathname
  }, [pathname])

  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-full focus:bg-ink focus:px-4 focus:py-2 focus:text-page"
      >
        {t('nav.skip')}
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-page/90 backdrop-blur">
        <div className="mx-auto flex max-w-6xl items-center gap-1 px-3 py-2 sm:gap-3 sm:px-6">
          <Link to="/" className="mr-auto flex min-h-11 items-center gap-2 text-lg font-extrabold tracking-tight">
            <img src="/icon.svg" alt="" className="size-8" />
            <span className="max-[360px]:sr-only">YouSync</span>
          </Link>
          <nav aria-label={t('nav.label')} className="flex items-center gap-1">
            <NavLink to="/" end className={navLinkClasses}>
              <Clapperboard aria-hidden className="size-5" />
              <span className="max-sm:sr-only">{t('nav.scenes')}</span>
            </NavLink>
            {session.status === 'signed-in' && (
              <NavLink to="/me" className={navLinkClasses}>
                <UserRound aria-hidden className="size-5" />
                <span className="max-sm:sr-only">{t('nav.me')}</span>
              </NavLink>
            )}
          </nav>
          <Preferences />
          {session.status === 'anonymous' && pathname !== '/sign-in' && (
            <Button asChild kind="primary" size="small">
              <Link to="/sign-in" state={{ from: pathname + search }}>
                {t('nav.signIn')}
              </Link>
            </Button>
          )}
        </div>
      </header>
      <main
        ref={main}
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl flex-1 px-4 py-6 outline-none sm:px-6 sm:py-10"
      >
        <WaitingTakes />
        <Outlet />
      </main>
      <footer className="mx-auto flex w-full max-w-6xl flex-wrap gap-x-6 gap-y-1 px-4 py-6 text-sm text-muted sm:px-6">
        <span>{t('footer.what')}</span>
        <a className="underline" href="/docs">
          API
        </a>
      </footer>
      <ScrollRestoration />
    </div>
  )
}
