import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { getScriptAudioOptions } from '@/api/@tanstack/react-query.gen'
import { PageTitle } from '@/components/PageTitle'
import { Failure, Loading } from '@/components/States'
import { Dubbing } from '@/features/studio/scene/Dubbing'
import { useScene } from '@/features/studio/useScene'
import { localized } from '@/lib/i18n'
import { useSession } from '@/lib/session'

/** The signed addresses are good for an hour, and differ at every answer. */
const AUDIO_STALE_MS = 50 * 60_000

export function SceneMode() {
  const { t } = useTranslation()
  const scriptId = Number(useParams().scriptId)
  const session = useSession()
  const scene = useScene(scriptId)
  const audio = useQuery({
    ...getScriptAudioOptions({ path: { script_id: scriptId } }),
    staleTime: AUDIO_STALE_MS,
  })
  const failed = [scene, audio].find(({ isError, data }) => isError && !data)
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />
  if (!scene.data || !audio.data || session.status === 'restoring') return <Loading />
  const title = localized(scene.data.title, scene.data.title_ko)
  return (
    <div className="mx-auto max-w-3xl">
      <Link to={`/scenes/${scriptId}`} className="mb-4 inline-flex min-h-11 items-center gap-2 font-semibold text-muted hover:text-ink">
        <ArrowLeft aria-hidden className="size-5" /> {t('studio.line.scene')}
      </Link>
      <PageTitle title={t('studio.scene.title', { title })} />
      <Dubbing key={scriptId} scene={scene.data} audio={audio.data} />
    </div>
  )
}
