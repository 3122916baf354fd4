import { MicOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MicrophoneProblem } from './microphone'

/** Explains why recording is impossible, and what to do. */
export function MicrophoneHelp({ problem }: { problem: MicrophoneProblem }) {
  const { t } = useTranslation()
  return (
    <div role="alert" className="flex gap-3 rounded-xl border border-poor p-4 text-left">
      <MicOff aria-hidden className="mt-0.5 size-5 shrink-0 text-poor" />
      <div>
        <p className="font-bold">{t(`studio.microphone.${problem}.title`)}</p>
        <p className="text-sm text-muted">{t(`studio.microphone.${problem}.help`)}</p>
      </div>
    </div>
  )
}
