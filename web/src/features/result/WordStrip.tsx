import { Ear } from 'lucide-react'
import { useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Card, CardTitle } from '@/components/Card'
import { cn } from '@/lib/cn'
import type { Word } from './parseFeedback'
import { STATUS_ICONS, STATUS_LOOKS } from './grades'
import { Voices, type PlaybackProps } from './WordPlayback'

interface Props extends PlaybackProps {
  words: Word[]
  /** Shows a word without a sound, as the arrow keys go over the line. */
  onSelect: (index: number) => void
  className?: string
}

export const wordId = (index: number) => `result-word-${index}`

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowRight: (at, last) => Math.min(at + 1, last),
  ArrowLeft: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
}

/** The line as words to press: one stop for Tab, arrows from word to word. */
export function Sentence(props: Props) {
  const { words, selected, onSelect, onPlay, className } = props
  const { t } = useTranslation()
  const bar = useRef<HTMLDivElement>(null)

  function move(event: KeyboardEvent) {
    const step = STEPS[event.key]
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const next = step(selected, words.length - 1)
    onSelect(next)
    bar.current?.querySelectorAll('button')[next]?.focus()
  }

  return (
    <Card className={className}>
      <CardTitle aside={<span className="hidden text-sm text-muted sm:inline">{t('result.sentence.keys')}</span>}>
        {t('result.sentence.title')}
      </CardTitle>
      <p className="-mt-3 mb-4 text-sm text-muted">{t('result.sentence.help')}</p>
      <div
        ref={bar}
        role="toolbar"
        aria-label={t('result.sentence.words')}
        className="flex flex-wrap gap-2"
        onKeyDown={move}
      >
        {words.map((word, index) => (
          <Chip
            key={index}
            id={wordId(index)}
            word={word}
            isSelected={index === selected}
            isDense={words.length > 12}
            onPress={() => onPlay('mine', index)}
          />
        ))}
      </div>
      <Voices {...props} word={words[selected]} />
    </Card>
  )
}

interface ChipProps {
  id: string
  word: Word
  isSelected: boolean
  isDense: boolean
  onPress: () => void
}

function Chip({ id, word, isSelected, isDense, onPress }: ChipProps) {
  const { t } = useTranslation()
  const status = word.status ?? 'none'
  const Icon = STATUS_ICONS[status]
  const flagged = word.phones.filter((sound) => sound.flagged).length
  return (
    <button
      id={id}
      type="button"
      tabIndex={isSelected ? 0 : -1}
      aria-current={isSelected}
      onClick={onPress}
      className={cn(
        // Kept clear of the bar that stays at the bottom of a phone's screen.
        'flex scroll-mb-24 flex-col items-start rounded-2xl border-2 px-3 py-2 text-left transition-shadow',
        STATUS_LOOKS[status],
        isSelected && 'shadow-md ring-2 ring-ink',
      )}
    >
      <span
        lang="en"
        className={cn(
          'font-bold text-ink',
          isDense ? 'text-lg' : 'text-xl sm:text-2xl',
          status === 'omitted' && 'line-through',
        )}
      >
        {word.text}
      </span>{' '}
      <span className="flex items-center gap-1 text-xs font-semibold whitespace-nowrap">
        <Icon aria-hidden className="size-3.5" />
        {t(`result.sentence.status.${status}`)}
        {word.score !== null && <span className="tabular-nums">{Math.round(word.score)}</span>}
        {flagged > 0 && (
          <>
            <Ear aria-hidden className="ml-0.5 size-3.5 text-poor" />
            <span className="sr-only">{t('result.sentence.flagged', { count: flagged })}</span>
          </>
        )}
      </span>
    </button>
  )
}
