import { ChevronDown, SlidersHorizontal } from 'lucide-react'
import { lazy, Suspense, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { Loading } from '@/components/States'
import { cn } from '@/lib/cn'
import { panelChoice } from './choices'
import type { Practice } from './usePractice'

const PracticePanel = lazy(async () => ({ default: (await import('./PracticePanel')).PracticePanel }))

interface Props {
  practice: Practice
  line: string
  language: string
  /** Records the marked words alone; null for visitors. */
  recordWords: (() => void) | null
}

/** The practice tools, folded until they are wanted; the button tells what is set. */
export function PracticeTools(props: Props) {
  const { t } = useTranslation()
  const id = useId()
  const { rate, loop, isDictating } = props.practice
  const isOpen = panelChoice.use() === 'open' || isDictating
  const settings = [
    rate !== 1 && t('practice.rate.value', { rate }),
    loop && t('practice.loop.on', { what: t(`practice.loop.${loop.unit ?? 'own'}`) }),
  ].filter(Boolean)
  return (
    <div>
      <Button
        kind="ghost"
        className="-ml-3 w-[calc(100%+1.5rem)] justify-start rounded-xl px-3"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => {
          if (isDictating) props.practice.setDictating(false)
          panelChoice.set(isOpen ? 'closed' : 'open')
        }}
      >
        <SlidersHorizontal aria-hidden className="size-4 shrink-0" />
        {t('practice.title')}
        <span className="min-w-0 truncate text-sm text-muted">{settings.join(' · ')}</span>
        <ChevronDown
          aria-hidden
          className={cn('ml-auto size-5 shrink-0 transition-transform', isOpen && 'rotate-180')}
        />
      </Button>
      <div id={id} className={cn(isOpen && 'mt-2')}>
        {isOpen && (
          <Suspense fallback={<Loading />}>
            <PracticePanel {...props} />
          </Suspense>
        )}
      </div>
    </div>
  )
}
