import { Mic } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { chooseMicrophone, useMicrophones } from './microphoneChoice'

/** The choice between several microphones; a message while the chosen one is not connected. */
export function MicrophoneChoice({ moment }: { moment: unknown }) {
  const { t } = useTranslation()
  const { microphones, chosen, isLost } = useMicrophones(moment)
  if (microphones.length < 2 && !isLost) return null
  return (
    <div className="flex flex-col items-center gap-1">
      <label className="flex max-w-full items-center gap-2 text-sm font-semibold">
        <Mic aria-hidden className="size-4 shrink-0" />
        <span className="sr-only">{t('studio.microphoneChoice.label')}</span>
        <select
          value={isLost ? '' : chosen}
          onChange={(event) => chooseMicrophone(event.target.value)}
          className="min-h-11 max-w-64 min-w-0 cursor-pointer truncate rounded-full border border-line bg-surface px-3"
        >
          <option value="">{t('studio.microphoneChoice.default')}</option>
          {microphones.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p role="status" className="text-sm text-muted">
        {isLost && t('studio.microphoneChoice.lost')}
      </p>
    </div>
  )
}
