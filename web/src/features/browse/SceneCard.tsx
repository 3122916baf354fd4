import { AudioLines, Eye, Mic } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { SceneProgress, ScriptSummary } from '@/api'
import { Bar } from '@/components/Bar'
import { ScoreBadge } from '@/components/ScoreBadge'
import { localized } from '@/lib/i18n'
import { actorNames, castLanguage } from './actors'
import { categoryHue, categoryName } from './category'
import { LevelFacts } from './LevelFacts'
import { WaveOrnament } from './WaveOrnament'

export function SceneCard({ scene, progress }: { scene: ScriptSummary; progress: SceneProgress | undefined }) {
  const title = localized(scene, 'title')
  return (
    <article className="relative flex h-full flex-col overflow-hidden rounded-2xl border border-line bg-surface transition-shadow focus-within:shadow-lg hover:shadow-lg">
      <Poster scene={scene} />
      <div className="flex flex-1 flex-col gap-3 p-5">
        <div>
          <h3 className="text-lg leading-snug font-bold">
            <Link to={`/scenes/${scene.id}`} className="rounded-2xl after:absolute after:inset-0 after:rounded-2xl">
              {title}
            </Link>
          </h3>
          {title !== scene.title && (
            <p lang={scene.language} className="text-sm text-muted">
              {scene.title}
            </p>
          )}
        </div>
        <p lang={castLanguage(scene)} className="text-sm text-muted">
          {actorNames(scene)}
        </p>
        <Facts scene={scene} />
        {progress && <Progress scene={scene} progress={progress} />}
      </div>
    </article>
  )
}

/** Stands in for a photograph: a colour for the category and a waveform from the title. */
function Poster({ scene }: { scene: ScriptSummary }) {
  const { t } = useTranslation()
  return (
    <div
      style={{ '--hue': categoryHue(scene.category) } as CSSProperties}
      className="relative flex h-32 items-center bg-[oklch(0.93_0.035_var(--hue))] px-6 text-[oklch(0.42_0.1_var(--hue))] dark:bg-[oklch(0.29_0.04_var(--hue))] dark:text-[oklch(0.85_0.08_var(--hue))]"
    >
      <span className="absolute top-3 left-4 text-sm font-bold">{categoryName(t, scene.category)}</span>
      {scene.synthetic_voice && (
        <span className="absolute top-3 right-4 flex items-center gap-1 text-xs font-semibold">
          <AudioLines aria-hidden className="size-4" />
          {t('browse.synthetic')}
        </span>
      )}
      <WaveOrnament seed={scene.title} bars={36} className="mt-6 h-14 w-full opacity-70" />
    </div>
  )
}

function Facts({ scene }: { scene: ScriptSummary }) {
  const { t } = useTranslation()
  return (
    <p className="mt-auto flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm text-muted">
      <LevelFacts level={scene.level} isGoodStart={scene.good_to_start} length={scene.spoken_s} />
      <span className="flex items-center gap-1.5">
        <Mic aria-hidden className="size-4" />
        {t('browse.lines', { count: scene.token_count })}
      </span>
      <span className="flex items-center gap-1.5">
        <Eye aria-hidden className="size-4" />
        {t('browse.views', { count: scene.views })}
      </span>
    </p>
  )
}

function Progress({ scene, progress }: { scene: ScriptSummary; progress: SceneProgress }) {
  const { t } = useTranslation()
  return (
    <div>
      <div className="mb-1.5 flex items-center justify-between gap-2 text-sm font-semibold">
        <span>{t('browse.progress', { done: progress.tokens_dubbed, count: scene.token_count })}</span>
        <ScoreBadge score={progress.best_average} label={t('browse.bestAverage')} />
      </div>
      <Bar share={progress.tokens_dubbed / Math.max(1, scene.token_count)} />
    </div>
  )
}
