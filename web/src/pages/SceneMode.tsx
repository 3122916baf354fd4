import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { getScriptAudioOptions } from '@/api/@tanstack/react-query.gen'
import { PageTitle } from '@/components/PageTitle'
import { Failure, Loading } from '@/components/States'
import { SceneDubbing } from '@/features/studio/scene/SceneDubbing'
import { useScene } from '@/features/studio/useScene'
import { localized } from '@/lib/i18n'
import { useSession } from '@/lib/session'
import { NotFound } from './NotFound'

/** Signed URLs expire after an hour, and differ in each response. */
const AUDIO_STALE_MS = 50 * 60_000

export function SceneMode() {
  const scriptId = Number(useParams().scriptId)
  return Number.isInteger(scriptId) && scriptId > 0 ? <Scene key={scriptId} scriptId={scriptId} /> : <NotFound />
}

function Scene({ scriptId }: { scriptId: number }) {
  const { t } = useTranslation()
  const session = useSession()
  const scene = useScene(scriptId)
  const audio = useQuery({
    ...getScriptAudioOptions({ path: { script_id: scriptId } }),
    staleTime: AUDIO_STALE_MS,
  })
  const failed = [scene, audio].find(({ isError, data }) => isError && !data)
  const isReady = scene.data && audio.data && session.status !== 'restoring'
  if (!isReady && !failed) return <Loading />
  const title = scene.data
    ? t('studio.scene.title', { title: localized(scene.data, 'title') })
    : t('studio.scene.titleOnly')
  return (
    <div className="mx-auto max-w-3xl">
      <Link
        to={`/scenes/${scriptId}`}
        className="mb-4 inline-flex min-h-11 items-center gap-2 font-semibold text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-5" /> {t('studio.line.scene')}
      </Link>
      <PageTitle title={title} />
      {isReady && <SceneDubbing scene={scene.data} audio={audio.data} />}
      {failed && <Failure error={failed.error} retry={() => void failed.refetch()} />}
    </div>
  )
}
