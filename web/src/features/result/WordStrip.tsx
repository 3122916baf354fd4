import { Ear } from 'lucide-react'
import { useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AddedWord } from '@/api/feedback'
import { Card, CardTitle } from '@/components/Card'
import { cn } from '@/lib/cn'
import { AddedWordButton, anchorOf } from './AddedWords'
import type { Word } from './parseFeedback'
import { STATUS_ICONS, STATUS_CLASSES } from './grades'
import { WordPlayback, type PlaybackProps } from './WordPlayback'

interface Props extends PlaybackProps {
  words: Word[]
  addedWords: AddedWord[]
  onPlayAdded: (added: AddedWord) => void
  /** Shows a word without playing it, while the arrow keys move through the line. */
  onSelect: (index: number) => void
  className?: string
}

export const wordId = (index: number) => `result-word-${index}`

const KEY_MOVES: Record<string, (at: number, last: number) => number> = {
  ArrowRight: (at, last) => Math.min(at + 1, last),
  ArrowLeft: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
}

/** The line as a toolbar of words: one Tab stop, arrow keys move from word to word. */
export function WordStrip(props: Props) {
  const { words, selected, className } = props
  const { t } = useTranslation()
  return (
    <Card className={className}>
      <CardTitle aside={<span className="hidden text-sm text-muted sm:inline">{t('result.wordStrip.keys')}</span>}>
        {t('result.wordStrip.title')}
      </CardTitle>
      <p className="-mt-3 mb-4 text-sm text-muted">{t('result.wordStrip.help')}</p>
      <WordToolbar {...props} />
      <WordPlayback {...props} word={words[selected]} />
    </Card>
  )
}

/** A place in the strip: a word of the line, or an added one with the word whose details name it. */
interface Place {
  index: number
  added: AddedWord | null
}

function placesOf(words: readonly Word[], addedWords: readonly AddedWord[]): Place[] {
  const addedAfter = (index: number) =>
    addedWords
      .filter((added) => added.after_word === index)
      .sort((a, b) => a.start_s - b.start_s)
      .map((added) => ({ index: anchorOf(added), added }))
  return [...addedAfter(-1), ...words.flatMap((_, index) => [{ index, added: null }, ...addedAfter(index)])]
}

function WordToolbar({ words, addedWords, language, selected, onSelect, onPlay, onPlayAdded }: Props) {
  const { t } = useTranslation()
  const toolbar = useRef<HTMLDivElement>(null)
  const places = placesOf(words, addedWords)

  function move(event: KeyboardEvent) {
    const keyMove = KEY_MOVES[event.key]
    if (!keyMove || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const buttons = [...(toolbar.current?.querySelectorAll('button') ?? [])]
    const next = keyMove(buttons.indexOf(event.target as HTMLButtonElement), buttons.length - 1)
    onSelect(places[next]?.index ?? selected)
    buttons[next]?.focus()
  }

  return (
    <div
      ref={toolbar}
      role="toolbar"
      aria-label={t('result.wordStrip.words')}
      className="flex flex-wrap gap-2"
      onKeyDown={move}
    >
      {places.map(({ index, added }, place) => {
        const word = words[index]
        if (!word) return null
        if (added) {
          return <AddedWordButton key={place} {...{ added, word, language }} onPress={() => onPlayAdded(added)} />
        }
        return (
          <WordButton
            key={place}
            id={wordId(index)}
            word={word}
            language={language}
            isSelected={index === selected}
            isDense={words.length > 12}
            onPress={() => onPlay('mine', index)}
          />
        )
      })}
    </div>
  )
}

interface WordButtonProps {
  id: string
  word: Word
  language: string
  isSelected: boolean
  isDense: boolean
  onPress: () => void
}

function WordButton({ id, word, language, isSelected, isDense, onPress }: WordButtonProps) {
  const { status } = word
  return (
    <button
      id={id}
      type="button"
      tabIndex={isSelected ? 0 : -1}
      aria-current={isSelected}
      onClick={onPress}
      className={cn(
        // Scrolls clear of the play buttons, which stick to the bottom of a phone's screen.
        'flex scroll-mb-40 flex-col items-start rounded-2xl border-2 px-3 py-2 text-left',
        STATUS_CLASSES[status],
        isSelected && 'shadow-md ring-2 ring-ink',
      )}
    >
      <span
        lang={language}
        className={cn(
          'font-bold text-ink',
          isDense ? 'text-lg' : 'text-xl sm:text-2xl',
          status === 'omitted' && 'line-through',
        )}
      >
        {word.text}
      </span>{' '}
      <WordStatus word={word} />
    </button>
  )
}

function WordStatus({ word }: { word: Word }) {
  const { t } = useTranslation()
  const { status } = word
  const Icon = STATUS_ICONS[status]
  const flagged = word.phones.filter((sound) => sound.flagged).length
  return (
    <span className="flex items-center gap-1 text-xs font-semibold whitespace-nowrap">
      <Icon aria-hidden className="size-3.5" />
      {t(`grade.${status}`)}
      {word.score !== null && <span className="tabular-nums">{Math.round(word.score)}</span>}
      {flagged > 0 && (
        <>
          <Ear aria-hidden className="ml-0.5 size-3.5 text-poor" />
          <span className="sr-only">{t('result.wordStrip.flagged', { count: flagged })}</span>
        </>
      )}
    </span>
  )
}
