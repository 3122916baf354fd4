import { useTranslation } from 'react-i18next'
import { AutoStopSwitch } from './AutoStopSwitch'
import { KeyboardHelp } from './KeyboardHelp'
import { UploadFile } from './UploadFile'

export function StudioOptions({ onFile }: { onFile: (take: Blob) => void }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2">
      <AutoStopSwitch />
      <UploadFile onTake={onFile} />
      <KeyboardHelp
        keys={[
          [t('studio.keys.space'), t('studio.keys.record')],
          ['Esc', t('studio.keys.cancel')],
          ['L', t('studio.keys.listenActor')],
          ['R', t('studio.keys.listenMine')],
          ['← →', t('studio.keys.lines')],
        ]}
      />
    </div>
  )
}
