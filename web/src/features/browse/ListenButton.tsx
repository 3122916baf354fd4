import { LoaderCircle, Play, Square } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import { Button } from '@/components/Button'
import { toggleSound, useSounding } from '@/lib/sound'

/** Plays the actor's line without a waveform: a scene has many of them. */
export function ListenButton({ tokenId, line }: { tokenId: number; line: string }) {
  const { t } = useTranslation()
  const url = `/api/tokens/${tokenId}/audio`
  const state = useSounding(url)
  const isOn = state === 'loading' || state === 'playing'
  useEffect(() => {
    if (state === 'failed') toast.error(t('audio.failed'))
  }, [state, t])
  return (
    <Button
      kind="outline"
      size="icon"
      className="shrink-0 text-actor"
      aria-label={t(isOn ? 'browse.scene.stop' : 'browse.scene.listen', { line })}
      onClick={() => toggleSound(url)}
    >
      {state === 'loading' ? (
        <LoaderCircle aria-hidden className="animate-spin" />
      ) : isOn ? (
        <Square aria-hidden className="size-4 fill-current" />
      ) : (
        <Play aria-hidden className="size-5" />
      )}
    </Button>
  )
}
