import { Clapperboard, SlidersHorizontal, UserRound } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, NavLink, Outlet, ScrollRestoration, useLocation } from 'react-router'
import { RunningAnalyses } from '@/features/progress/RunningAnalyses'
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

/** The frame of every page. */
export function Layout() {
  const main = useFocusOnNavigation()
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <Header />
      <main
        ref={main}
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl flex-1 px-4 py-6 outline-none sm:px-6 sm:py-10"
      >
        <WaitingTakes />
        <RunningAnalyses />
        <Outlet />
      </main>
      <Footer />
      <ScrollRestoration />
    </div>
  )
}

/** Moves the focus to the content of a new page, so that screen readers and keyboards do not stay in the old menu. */
function useFocusOnNavigation() {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const shownPath = useRef(pathname)
  useEffect(() => {
    if (shownPath.current !== pathname) main.current?.focus({ preventScroll: true })
    shownPath.current = pathname
  }, [pathname])
  return main
}

function SkipLink() {
  const { t } = useTranslation()
  return (
    <a
      href="#main"
      className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-full focus:bg-ink focus:px-4 focus:py-2 focus:text-page"
    >
      {t('nav.skip')}
    </a>
  )
}

function Header() {
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-page/90 backdrop-blur">
      <div className="mx-auto flex max-w-6xl items-center gap-1 px-3 py-2 sm:gap-3 sm:px-6">
        <Link to="/" className="mr-auto flex min-h-11 items-center gap-2 text-lg font-extrabold tracking-tight">
          <Logo />
          <span className="whitespace-nowrap max-[375px]:sr-only">YouSync</span>
        </Link>
        <Navigation />
        <Preferences />
        <SignInLink />
      </div>
    </header>
  )
}

/** The drawing of icon.svg, without a request. */
function Logo() {
  return (
    <svg aria-hidden viewBox="0 0 512 512" className="size-8">
      <rect width="512" height="512" rx="116" fill="#1d1b26" />
      <g fill="none" strokeLinecap="round" strokeWidth="36">
        <path d="M96 216v80M160 160v192M224 112v288" stroke="#a993ff" />
        <path d="M288 176v160M352 128v256M416 208v96" stroke="#ff7a59" />
      </g>
    </svg>
  )
}

function Navigation() {
  const { t } = useTranslation()
  const session = useSession()
  return (
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
      {session.status === 'signed-in' && session.user.is_admin && (
        <NavLink to="/curator" className={navLinkClasses}>
          <SlidersHorizontal aria-hidden className="size-5" />
          <span className="max-sm:sr-only">{t('nav.curator')}</span>
        </NavLink>
      )}
    </nav>
  )
}

function SignInLink() {
  const { t } = useTranslation()
  const session = useSession()
  const { pathname, search } = useLocation()
  if (session.status !== 'anonymous' || pathname === '/sign-in') return null
  return (
    <Button asChild kind="primary" size="small">
      <Link to="/sign-in" state={{ from: pathname + search }}>
        {t('nav.signIn')}
      </Link>
    </Button>
  )
}

function Footer() {
  const { t } = useTranslation()
  return (
    <footer className="mx-auto flex w-full max-w-6xl flex-wrap gap-x-6 gap-y-1 px-4 py-6 text-sm text-muted sm:px-6">
      <span>{t('footer.what')}</span>
      <a className="underline" href="/docs">
        API
      </a>
    </footer>
  )
}
