import { useTranslation } from 'react-i18next'
import type { ScriptDraft } from '@/api'
import { cn } from '@/lib/cn'

const COLOURS = {
  draft: 'border-fair text-fair',
  published: 'border-good text-good',
  hidden: 'border-muted text-muted',
  expired: 'border-poor text-poor',
} as const

export function StateChip({ state }: { state: ScriptDraft['state'] }) {
  const { t } = useTranslation()
  return (
    <span className={cn('rounded-full border px-3 py-0.5 text-sm font-semibold whitespace-nowrap', COLOURS[state])}>
      {t(`curator.state.${state}`)}
    </span>
  )
}
