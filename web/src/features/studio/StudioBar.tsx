import { ArrowLeftRight, ChevronRight, Mic } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import type { TokenSummary } from '@/api'
import { Button } from '@/components/Button'
import type { Practice } from '@/features/practice/usePractice'

interface Props {
  practice: Practice
  /** Null for a guest who has to sign in first. */
  record: (() => void) | null
  next: TokenSummary | undefined
}

/** What comes after a result, within reach of the thumb wherever the result is scrolled. */
export function StudioBar({ practice, record, next }: Props) {
  const { t } = useTranslation()
  const { sources, voice, switchVoice } = practice
  const { pathname, search } = useLocation()
  return (
    <div
      role="group"
      aria-label={t('studio.bar.label')}
      className="sticky bottom-2 z-20 mx-auto mt-4 flex max-w-3xl gap-1 rounded-2xl border border-line bg-surface p-1.5 shadow-lg"
    >
      {record ? (
        <Button kind="record" className="min-w-0 flex-1 px-2" onClick={record}>
          <Mic aria-hidden className="size-4 shrink-0" /> {t('studio.bar.again')}
        </Button>
      ) : (
        <Button asChild kind="record" className="min-w-0 flex-1 px-2">
          <Link to="/sign-in" state={{ from: pathname + search }}>
            {t('nav.signIn')}
          </Link>
        </Button>
      )}
      <Button className="min-w-0 flex-1 px-2" disabled={!sources.mine || !sources.actor} onClick={switchVoice}>
        <ArrowLeftRight aria-hidden className="size-4 shrink-0" />
        {t(voice === 'actor' ? 'practice.switch.mine' : 'practice.switch.actor')}
      </Button>
      {next && (
        <Button asChild className="min-w-0 flex-1 px-2">
          <Link to={`/lines/${next.id}`}>
            {t('studio.bar.next')} <ChevronRight aria-hidden className="size-4 shrink-0" />
          </Link>
        </Button>
      )}
    </div>
  )
}
