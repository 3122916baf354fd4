import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { actorName } from '@/lib/actors'
import { cn } from '@/lib/cn'
import { translationOf } from '@/lib/i18n'

interface DialogueLine {
  line: TokenSummary
  language: string
  isMine: boolean
}

function Speaker({ line, isMine }: Pick<DialogueLine, 'line' | 'isMine'>) {
  const { t } = useTranslation()
  return (
    <p className={cn('text-sm font-bold', isMine ? 'text-mine' : 'text-actor')}>
      {isMine ? t('studio.scene.me', { name: actorName(line.actor) }) : actorName(line.actor)}
    </p>
  )
}

/** The current line. It has a minimum height, so that the buttons below stay in place from line to line. */
export function CurrentLine({ line, language, isMine }: DialogueLine) {
  const translation = translationOf(line)
  return (
    <div aria-live="polite" className="flex min-h-36 flex-col justify-end gap-1">
      <Speaker line={line} isMine={isMine} />
      <p
        lang={language}
        className="text-2xl leading-snug font-extrabold tracking-tight text-balance sm:text-4xl sm:leading-snug"
      >
        {line.text}
      </p>
      {translation && (
        <p lang={translation.language} className="text-muted">
          {translation.text}
        </p>
      )}
    </div>
  )
}

export function UpcomingLines({ lines }: { lines: DialogueLine[] }) {
  const { t } = useTranslation()
  if (lines.length === 0) return null
  return (
    <section>
      <h2 className="mb-3 text-sm font-bold text-muted">{t('studio.scene.next')}</h2>
      <ol className="space-y-3">
        {lines.map(({ line, language, isMine }) => (
          <li key={line.id}>
            <Speaker line={line} isMine={isMine} />
            <p lang={language} className="text-muted">
              {line.text}
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
