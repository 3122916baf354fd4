import { Gauge, Sprout, Timer } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatLength } from '@/lib/format'

interface Props {
  level: number | null | undefined
  isGoodStart: boolean | undefined
  /** s */
  length: number | undefined
}

/** The level, the length and the mark of what is good to start with. Responses cached by earlier versions have none. */
export function LevelFacts({ level, isGoodStart, length }: Props) {
  const { t } = useTranslation()
  return (
    <>
      {isGoodStart && (
        <span className="flex items-center gap-1 rounded-full bg-good/15 px-2.5 py-0.5 font-semibold text-ink">
          <Sprout aria-hidden className="size-4 text-good" />
          {t('browse.goodStart')}
        </span>
      )}
      {level != null && (
        <span className="flex items-center gap-1.5 font-semibold">
          <Gauge aria-hidden className="size-4" />
          {t('browse.level', { level })}
        </span>
      )}
      {length !== undefined && length > 0 && (
        <span className="flex items-center gap-1.5 tabular-nums">
          <Timer aria-hidden className="size-4" />
          {formatLength(length)}
        </span>
      )}
    </>
  )
}
