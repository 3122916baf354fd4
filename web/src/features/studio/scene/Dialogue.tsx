import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { cn } from '@/lib/cn'
import { isMine, type SceneState } from './scene'

interface Props {
  lines: TokenSummary[]
  language: string
  state: SceneState
}

/** The present line large, what comes next small. */
export function Dialogue({ lines, language, state }: Props) {
  const { t } = useTranslation()
  return (
    <ol aria-label={t('studio.scene.dialogue')} className="space-y-4">
      {lines.slice(state.index, state.index + 3).map((line, place) => {
        const mine = isMine(state, line)
        return (
          <li key={line.id} {...(place === 0 && { 'aria-current': 'step' as const, 'aria-live': 'polite' as const })}>
            <p className={cn('text-sm font-bold', mine ? 'text-mine' : 'text-actor')}>
              {mine ? t('studio.scene.me', { name: line.actor.name }) : line.actor.name}
            </p>
            <p
              lang={language}
              className={place === 0 ? 'text-2xl leading-snug font-extrabold tracking-tight text-balance sm:text-4xl sm:leading-snug' : 'text-muted'}
            >
              {line.text}
            </p>
            {place === 0 && line.translation && (
              <p lang="ko" className="mt-1 text-muted">
                {line.translation}
              </p>
            )}
          </li>
        )
      })}
    </ol>
  )
}
