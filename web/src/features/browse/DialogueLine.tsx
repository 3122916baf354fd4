import { Bookmark, Mic } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { LineProgress, TokenSummary } from '@/api'
import { Button } from '@/components/Button'
import { ScoreBadge } from '@/components/ScoreBadge'
import { cn } from '@/lib/cn'
import { actorLanguage, actorName, type NamedActor } from '@/lib/actors'
import { formatNumber } from '@/lib/format'
import { translationOf } from '@/lib/i18n'
import { actorHue, initials } from './actors'
import { LevelFacts } from './LevelFacts'
import { ListenButton } from './ListenButton'
import { useBookmark } from './useBookmark'

interface Props {
  line: TokenSummary
  language: string
  /** Undefined for visitors. */
  progress: LineProgress | undefined
  isRight: boolean
  withTranslation: boolean
}

export function DialogueLine({ line, language, progress, isRight, withTranslation }: Props) {
  const translation = withTranslation && translationOf(line)
  return (
    <li className={cn('w-full max-w-2xl sm:w-fit sm:min-w-96', isRight ? 'self-end pl-6' : 'self-start pr-6')}>
      <p className={cn('mb-2 flex items-center gap-2', isRight && 'flex-row-reverse')}>
        <Avatar actor={line.actor} />
        <span lang={actorLanguage(line.actor, language)} className="text-sm font-semibold text-muted">
          {actorName(line.actor)}
        </span>
      </p>
      <div className={cn('rounded-2xl border border-line bg-surface p-4', isRight ? 'rounded-tr-sm' : 'rounded-tl-sm')}>
        <p lang={language} className="text-lg leading-snug font-semibold">
          {line.text}
        </p>
        {translation && (
          <p lang={translation.language} className="mt-1.5 text-muted">
            {translation.text}
          </p>
        )}
        <LineTools line={line} progress={progress} />
      </div>
    </li>
  )
}

function Avatar({ actor }: { actor: NamedActor }) {
  return (
    <span
      aria-hidden
      style={{ '--hue': actorHue(actor) } as CSSProperties}
      className="flex size-9 shrink-0 items-center justify-center rounded-full bg-[oklch(0.9_0.05_var(--hue))] text-sm font-bold text-[oklch(0.38_0.1_var(--hue))] dark:bg-[oklch(0.36_0.06_var(--hue))] dark:text-[oklch(0.92_0.05_var(--hue))]"
    >
      {initials(actor)}
    </span>
  )
}

function LineTools({ line, progress }: Pick<Props, 'line' | 'progress'>) {
  const { t } = useTranslation()
  const seconds = formatNumber(line.end_time - line.start_time, 1)
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      {line.has_audio && <ListenButton tokenId={line.id} line={line.text} />}
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
        <span className="tabular-nums">{t('browse.scene.seconds', { seconds })}</span>
        <LevelFacts level={line.level} isGoodStart={line.good_to_start} length={undefined} />
      </span>
      <span className="ml-auto flex items-center gap-1">
        {progress && progress.best !== null && <ScoreBadge score={progress.best} label={t('browse.scene.best')} />}
        {progress && <BookmarkButton line={line} isOn={progress.bookmarked} />}
        <Button asChild className="px-4">
          <Link to={`/lines/${line.id}`} aria-label={t('browse.scene.practiseLine', { line: line.text })}>
            <Mic aria-hidden className="size-4 text-record" />
            {t('browse.scene.practise')}
          </Link>
        </Button>
      </span>
    </div>
  )
}

function BookmarkButton({ line, isOn }: { line: TokenSummary; isOn: boolean }) {
  const { t } = useTranslation()
  const bookmark = useBookmark(line)
  return (
    <Button
      kind="ghost"
      size="icon"
      aria-pressed={isOn}
      aria-label={t('browse.scene.bookmark', { line: line.text })}
      onClick={() => bookmark.mutate(!isOn)}
    >
      <Bookmark aria-hidden className={cn('size-5', isOn && 'fill-current')} />
    </Button>
  )
}
