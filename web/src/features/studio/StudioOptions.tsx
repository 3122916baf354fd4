import { AutoStopSwitch } from './AutoStopSwitch'
import { MicrophoneChoice } from './MicrophoneChoice'
import { StudioKeys } from './StudioKeys'
import { UploadFile } from './UploadFile'

export function StudioOptions({ onFile, moment }: { onFile: (take: Blob) => void; moment: unknown }) {
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2">
      <AutoStopSwitch />
      <MicrophoneChoice moment={moment} />
      <UploadFile onTake={onFile} />
      <StudioKeys />
    </div>
  )
}
