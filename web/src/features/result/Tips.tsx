import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { inPageLanguage } from '@/lib/i18n'
import { useIsPhone } from '@/lib/media'
import type { Tip, Word } from './parseFeedback'

/** More tips at once are hard to follow. */
const INITIALLY_SHOWN = 3
const INITIALLY_SHOWN_ON_PHONES = 1

interface Props {
  tips: Tip[]
  words: Word[]
  onWord: (index: number) => void
  className?: string
}

/** The index of the word a tip is about; of two equal words, the one with the sound in question. */
export function wordOf(tip: Tip, words: readonly Word[]): number | null {
  const places = words.flatMap((word, index) => (word.text.toLowerCase() === tip.word?.toLowerCase() ? [index] : []))
  const exact = places.find((index) =>
    words[index]?.phones.some((sound) => sound.flagged && sound.expected === tip.phone),
  )
  return exact ?? places[0] ?? null
}

export function Tips({ tips, words, onWord, className }: Props) {
  const { t } = useTranslation()
  const [showsAll, setShowsAll] = useState(false)
  const initiallyShown = useIsPhone() ? INITIALLY_SHOWN_ON_PHONES : INITIALLY_SHOWN
  if (tips.length === 0) return null
  return (
    <Card className={className}>
      <CardTitle>{t('result.tips.title')}</CardTitle>
      <ol className="grid gap-2">
        {tips.slice(0, showsAll ? tips.length : initiallyShown).map((tip, order) => (
          <TipItem key={order} number={order + 1} tip={tip} words={words} onWord={onWord} />
        ))}
      </ol>
      {!showsAll && tips.length > initiallyShown && (
        <Button size="small" className="mt-3" onClick={() => setShowsAll(true)}>
          {t('common.more')}
        </Button>
      )}
    </Card>
  )
}

function TipItem({ number, tip, words, onWord }: Pick<Props, 'words' | 'onWord'> & { number: number; tip: Tip }) {
  const { t } = useTranslation()
  const index = wordOf(tip, words)
  return (
    <li className="flex gap-3 rounded-xl bg-raised p-4">
      <span
        aria-hidden
        className="flex size-7 shrink-0 items-center justify-center rounded-full bg-ink text-sm font-bold text-page"
      >
        {number}
      </span>
      <div className="min-w-0">
        <p>{inPageLanguage(tip.texts)}</p>
        {index !== null && (
          <button
            type="button"
            className="mt-1 inline-flex min-h-9 items-center gap-1 rounded font-semibold underline underline-offset-4"
            onClick={() => onWord(index)}
          >
            {t('result.tips.show', { word: words[index]?.text ?? '' })}
            <ArrowRight aria-hidden className="size-4" />
          </button>
        )}
      </div>
    </li>
  )
}
