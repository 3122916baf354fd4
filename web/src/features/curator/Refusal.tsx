import { useTranslation } from 'react-i18next'
import { asProblem, explain } from '@/lib/problem'
import { Problem } from './fields'

/** Why a request was refused: in general, and what is said of no field; the fields themselves say the rest. */
export function Refusal({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const errors = asProblem(error)?.errors ?? []
  if (errors.length === 0) return <Problem>{explain(error)}</Problem>
  const general = errors.filter(({ loc }) => loc.length < 2).map(({ msg }) => msg)
  return <Problem>{[t('curator.fixFields'), ...general].join(' ')}</Problem>
}
