import { AutoStopSwitch } from './AutoStopSwitch'
import { StudioKeys } from './StudioKeys'
import { UploadFile } from './UploadFile'

export function StudioOptions({ onFile }: { onFile: (take: Blob) => void }) {
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2">
      <AutoStopSwitch />
      <UploadFile onTake={onFile} />
      <StudioKeys />
    </div>
  )
}
