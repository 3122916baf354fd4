import { MessageSquarePlus, Repeat2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AddedWord } from '@/api/feedback'
import type { Word } from './parseFeedback'

/** The index of the word whose details name an added word: the one that it repeats, or the one before it. */
export function anchorOf({ repeats, after_word: after }: AddedWord): number {
  return repeats ?? Math.max(after, 0)
}

interface ButtonProps {
  added: AddedWord
  /** The word whose details name it. */
  word: Word
  /** The language of the script. */
  language: string
  onPress: () => void
}

/** Speech that is not in the line, at its place in the strip of words; a press plays it. It has no score. */
export function AddedWordButton({ added, word, language, onPress }: ButtonProps) {
  const { t } = useTranslation()
  const isRepeat = added.repeats !== null
  const Icon = isRepeat ? Repeat2 : MessageSquarePlus
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={onPress}
      className="flex scroll-mb-24 flex-col items-start self-center rounded-xl border border-line bg-raised px-2 py-1 text-left text-xs text-muted"
    >
      {isRepeat && (
        <span lang={language} className="sr-only">
          {t('result.word.title', { word: word.text })}
        </span>
      )}{' '}
      {added.heard_ipa && <span className="font-ipa text-base">/{added.heard_ipa}/</span>}{' '}
      <span className="flex items-center gap-1 font-semibold whitespace-nowrap">
        <Icon aria-hidden className="size-3.5" />
        {t(isRepeat ? 'result.addedWord.repeated' : 'result.addedWord.added')}
      </span>
    </button>
  )
}

/** The line about an added word in the details of the word beside it. */
export function AddedWordNote({ added }: { added: AddedWord }) {
  const { t } = useTranslation()
  const place = added.repeats !== null ? 'repeatedHelp' : added.after_word < 0 ? 'beforeHelp' : 'afterHelp'
  return (
    <p className="mb-4 rounded-xl bg-raised px-4 py-3 text-sm">
      {t(`result.addedWord.${place}`)}
      {added.heard_ipa && <span className="font-ipa"> /{added.heard_ipa}/</span>}
    </p>
  )
}
