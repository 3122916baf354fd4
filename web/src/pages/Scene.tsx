import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import type { ScriptDetail } from '@/api'
import { getScriptOptions, listLineProgressOptions } from '@/api/@tanstack/react-query.gen'
import { Failure, Loading } from '@/components/States'
import { Dialogue } from '@/features/browse/Dialogue'
import { SceneHeader } from '@/features/browse/SceneHeader'
import { asProblem, isTransient } from '@/lib/problem'
import { useUser } from '@/lib/session'
import { NotFound } from './NotFound'

export function Scene() {
  const path = { script_id: Number(useParams().scriptId) }
  const isNumber = Number.isSafeInteger(path.script_id) && path.script_id > 0
  const isSignedIn = useUser() !== null
  const scene = useQuery({ ...getScriptOptions({ path }), enabled: isNumber })
  const progress = useQuery({ ...listLineProgressOptions({ path }), enabled: isNumber && isSignedIn })
  const mine = isSignedIn ? progress.data : undefined
  if (!isNumber || asProblem(scene.error)?.status === 404) return <NotFound />
  if (scene.isPending) return <Loading />
  if (!scene.data) {
    return <Failure error={scene.error} {...(isTransient(scene.error) && { retry: () => void scene.refetch() })} />
  }
  return (
    <article className="mx-auto max-w-4xl">
      <SceneHeader scene={scene.data} progress={mine} />
      <Dialogue scene={scene.data} progress={mine} />
      <About scene={scene.data} />
    </article>
  )
}

function About({ scene }: { scene: ScriptDetail }) {
  const { t } = useTranslation()
  const facts = [
    [t('browse.scene.source'), scene.source],
    [t('browse.scene.licence'), scene.licence],
    [t('browse.scene.credit'), scene.credit],
  ].filter(([, value]) => value)
  if (facts.length === 0) return null
  return (
    <section className="mt-12 border-t border-line pt-6 text-sm text-muted">
      <h2 className="mb-2 font-semibold text-ink">{t('browse.scene.about')}</h2>
      <dl className="flex flex-col gap-1">
        {facts.map(([name, value]) => (
          <div key={name} className="flex flex-wrap gap-x-2">
            <dt className="font-semibold">{name}</dt>
            <dd lang={scene.language}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
