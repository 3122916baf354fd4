import { FileAudio } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** Uploads a file that was recorded elsewhere. */
export function UploadFile({ onTake }: { onTake: (take: Blob) => void }) {
  const { t } = useTranslation()
  return (
    <label className="flex min-h-9 cursor-pointer items-center gap-2 rounded-full px-3 text-sm font-semibold hover:bg-raised has-focus-visible:outline-3 has-focus-visible:outline-actor">
      <FileAudio aria-hidden className="size-4" />
      {t('studio.recorder.file')}
      <input
        type="file"
        accept="audio/*"
        className="sr-only"
        onChange={({ target }) => {
          const file = target.files?.[0]
          target.value = ''
          if (file) onTake(file)
        }}
      />
    </label>
  )
}
