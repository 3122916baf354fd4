import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { meterFraction, type Level, type Loudness } from './level'

const COLOURS = { none: 'bg-muted', quiet: 'bg-fair', good: 'bg-good', loud: 'bg-poor' } as const

export function LevelMeter({ level, loudness }: { level: Level; loudness: Loudness }) {
  const { t } = useTranslation()
  const share = meterFraction(level)
  return (
    <div className="w-full max-w-40 space-y-1.5">
      <div
        role="meter"
        aria-label={t('studio.level.label')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={t(`studio.level.${loudness}`)}
        className="h-2.5 overflow-hidden rounded-full bg-raised"
      >
        <div className={cn('h-full origin-left', COLOURS[loudness])} style={{ transform: `scaleX(${share})` }} />
      </div>
      <p className="text-center text-sm font-semibold">{t(`studio.level.${loudness}`)}</p>
    </div>
  )
}
