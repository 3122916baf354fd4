import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ScriptSummary } from '@/api'
import { localized } from '@/lib/i18n'

const SHOWN = 5

/** The most viewed scenes; hidden until at least two have been viewed. */
export function PopularScenes({ scenes }: { scenes: ScriptSummary[] | undefined }) {
  const { t } = useTranslation()
  const seen = (scenes ?? []).filter((scene) => scene.views > 0).slice(0, SHOWN)
  if (seen.length < 2) return null
  return (
    <section className="mb-10" aria-labelledby="popular">
      <h2 id="popular" className="mb-3 text-lg font-bold">
        {t('browse.popularNow')}
      </h2>
      <ol className="-mx-4 flex snap-x scroll-px-4 gap-3 overflow-x-auto px-4 py-1 sm:-mx-1 sm:px-1">
        {seen.map((scene, index) => (
          <li key={scene.id} className="w-60 shrink-0 snap-start lg:w-auto lg:min-w-0 lg:flex-1">
            <Link
              to={`/scenes/${scene.id}`}
              className="flex h-full items-center gap-3 rounded-2xl border border-line bg-surface px-4 py-3 hover:bg-raised"
            >
              <span aria-hidden className="text-2xl font-extrabold text-actor tabular-nums">
                {index + 1}
              </span>
              <span className="min-w-0">
                <span className="line-clamp-2 leading-snug font-semibold">{localized(scene, 'title')}</span>
                <span className="text-sm text-muted">{t('browse.views', { count: scene.views })}</span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  )
}
