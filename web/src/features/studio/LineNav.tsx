import { ArrowLeft, ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { TokenDetail, TokenSummary } from '@/api'
import { Button } from '@/components/Button'
import { localized } from '@/lib/i18n'
import { BookmarkButton } from './BookmarkButton'

interface Props {
  line: TokenDetail
  lines: TokenSummary[]
}

export function neighbours(line: TokenDetail, lines: readonly TokenSummary[]) {
  const index = lines.findIndex(({ id }) => id === line.id)
  return { number: index + 1, before: lines[index - 1], after: index < 0 ? undefined : lines[index + 1] }
}

/** Links to the scene and the neighbouring lines, and the bookmark. */
export function LineNav({ line, lines }: Props) {
  const { t } = useTranslation()
  const { number, before, after } = neighbours(line, lines)
  return (
    <nav aria-label={t('studio.line.nav')} className="flex items-center gap-1">
      <Link
        to={`/scenes/${line.script_id}`}
        className="mr-auto flex min-h-11 min-w-0 items-center gap-2 font-semibold text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-5 shrink-0" />
        <span className="sr-only">{t('studio.line.scene')}</span>
        <span className="truncate">{localized(line.script, 'title')}</span>
      </Link>
      <BookmarkButton line={line} />
      <Step to={before} label={t('studio.line.before')} icon={<ChevronLeft aria-hidden />} />
      {number > 0 && (
        <span className="text-sm whitespace-nowrap text-muted tabular-nums">
          <span className="sr-only">{t('studio.line.number', { number, count: lines.length })}</span>
          <span aria-hidden>
            {number} / {lines.length}
          </span>
        </span>
      )}
      <Step to={after} label={t('studio.line.after')} icon={<ChevronRight aria-hidden />} />
    </nav>
  )
}

function Step({ to, label, icon }: { to: TokenSummary | undefined; label: string; icon: React.ReactNode }) {
  if (!to) {
    return (
      <Button kind="ghost" size="icon" disabled aria-label={label}>
        {icon}
      </Button>
    )
  }
  return (
    <Button asChild kind="ghost" size="icon">
      <Link to={`/lines/${to.id}`} aria-label={label}>
        {icon}
      </Link>
    </Button>
  )
}
