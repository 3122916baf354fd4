import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button } from '@/components/Button'
import { useTitle } from '@/components/PageTitle'
import { useGuestAllowance } from '@/features/guest/useRecordingRight'
import { WaveOrnament } from './WaveOrnament'

/** Introduces the product to visitors, with the way to a first recording; null where there is nothing to record. */
export function Hero({ start }: { start: string | null }) {
  const { t } = useTranslation()
  const mayRecord = (useGuestAllowance() ?? 0) > 0
  useTitle('')
  return (
    <section className="mb-10 grid items-center gap-8 rounded-3xl border border-line bg-surface p-6 sm:p-10 lg:grid-cols-[1.2fr_1fr]">
      <div>
        <h1 className="text-3xl leading-tight font-extrabold tracking-tight text-balance sm:text-4xl sm:leading-tight">
          {t('browse.hero.title')}
        </h1>
        <p className="mt-4 max-w-prose text-lg text-muted">{t('browse.hero.text')}</p>
        {start !== null && (
          <>
            <Button asChild kind="record" size="large" className="mt-6">
              <Link to={start}>{t('browse.hero.start')}</Link>
            </Button>
            <p className="mt-2 min-h-6 text-sm text-muted">{mayRecord && t('browse.hero.try')}</p>
          </>
        )}
      </div>
      <div aria-hidden className="flex flex-col gap-4 max-sm:order-first">
        <Track name={t('browse.hero.actor')} seed="actor" className="text-actor" />
        <Track name={t('browse.hero.mine')} seed="mine" className="text-mine" />
      </div>
    </section>
  )
}

function Track({ name, seed, className }: { name: string; seed: string; className: string }) {
  return (
    <div className={`flex items-center gap-3 rounded-2xl bg-raised px-4 py-3 ${className}`}>
      <span className="w-12 shrink-0 text-sm font-bold">{name}</span>
      <WaveOrnament seed={seed} bars={44} className="h-12 flex-1 sm:h-16" />
    </div>
  )
}
