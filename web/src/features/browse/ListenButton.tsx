import { LoaderCircle, Play, Square } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import { Button } from '@/components/Button'
import { toggleSound, useSoundState } from '@/lib/sound'

/** Plays the actor's line without a waveform, since a scene has many lines. */
export function ListenButton({ tokenId, line }: { tokenId: number; line: string }) {
  const { t } = useTranslation()
  const url = `/api/tokens/${tokenId}/audio`
  const state = useSoundState(url)
  return (
    <Button
      kind="outline"
      size="icon"
      className="shrink-0 text-actor"
      aria-label={t(state ? 'browse.scene.stop' : 'browse.scene.listen', { line })}
      onClick={() => toggleSound(url, () => toast.error(t('audio.failed')))}
    >
      {state === 'loading' ? (
        <LoaderCircle aria-hidden className="animate-spin" />
      ) : state ? (
        <Square aria-hidden className="size-4 fill-current" />
      ) : (
        <Play aria-hidden className="size-5" />
      )}
    </Button>
  )
}
