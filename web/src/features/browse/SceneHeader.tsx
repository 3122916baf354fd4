import { AudioLines } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import type { LineProgress, ScriptDetail } from '@/api'
import { Bar } from '@/components/Bar'
import { Button } from '@/components/Button'
import { useTitle } from '@/components/PageTitle'
import { localized } from '@/lib/i18n'
import { useSession } from '@/lib/session'
import { actorNames, castLanguage } from './actors'
import { categoryName } from './category'
import { LevelFacts } from './LevelFacts'

interface Props {
  scene: ScriptDetail
  progress: LineProgress[] | undefined
}

export function SceneHeader({ scene, progress }: Props) {
  const { t } = useTranslation()
  const title = localized(scene, 'title')
  const description = localized(scene, 'description')
  useTitle(title)
  return (
    <header className="mb-8 border-b border-line pb-8">
      <p className="mb-2 flex flex-wrap gap-x-3 text-sm font-semibold text-muted">
        <span>{categoryName(t, scene.category)}</span>
        <span aria-hidden>·</span>
        <span lang={castLanguage(scene)}>{actorNames(scene)}</span>
        <span aria-hidden>·</span>
        <span>{t('browse.lines', { count: scene.token_count })}</span>
      </p>
      <h1 className="text-3xl font-extrabold tracking-tight text-balance sm:text-4xl">{title}</h1>
      {title !== scene.title && (
        <p lang={scene.language} className="mt-1 text-lg text-muted">
          {scene.title}
        </p>
      )}
      <p className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm text-muted">
        <LevelFacts level={scene.level} isGoodStart={scene.good_to_start} length={scene.spoken_s} />
      </p>
      {description && <p className="mt-4 max-w-prose">{description}</p>}
      {scene.synthetic_voice && (
        <p className="mt-3 flex items-start gap-2 text-sm text-muted">
          <AudioLines aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('browse.syntheticNote')}
        </p>
      )}
      <Actions scene={scene} progress={progress} />
      {progress ? <Progress progress={progress} /> : <SignInHint />}
    </header>
  )
}

function Actions({ scene, progress }: Props) {
  const { t } = useTranslation()
  const next = scene.tokens.find((line) => (progress?.find((row) => row.token_id === line.id)?.best ?? null) === null)
  const hasBegun = progress?.some((row) => row.best !== null)
  if (scene.tokens.length === 0) return null
  return (
    <div className="mt-6 flex flex-wrap gap-3">
      <Button asChild kind="record" size="large" className="max-sm:w-full">
        <Link to={`/scenes/${scene.id}/dub`}>{t('browse.scene.dub')}</Link>
      </Button>
      {next && (
        <Button asChild size="large" className="max-sm:w-full">
          <Link to={`/lines/${next.id}`}>
            {hasBegun ? t('browse.scene.continue', { position: next.position }) : t('browse.scene.start')}
          </Link>
        </Button>
      )}
    </div>
  )
}

function Progress({ progress }: { progress: LineProgress[] }) {
  const { t } = useTranslation()
  const done = progress.filter((row) => row.attempts > 0).length
  if (done === 0) return null
  return (
    <div className="mt-6 max-w-md">
      <p className="mb-1.5 text-sm font-semibold">{t('browse.progress', { done, count: progress.length })}</p>
      <Bar share={done / progress.length} />
    </div>
  )
}

function SignInHint() {
  const { t } = useTranslation()
  const session = useSession()
  const { pathname } = useLocation()
  if (session.status !== 'anonymous') return null
  return (
    <p className="mt-4 text-sm text-muted">
      <Link to="/sign-in" state={{ from: pathname }} className="font-semibold text-ink underline">
        {t('browse.scene.signIn')}
      </Link>{' '}
      {t('browse.scene.signInReason')}
    </p>
  )
}
