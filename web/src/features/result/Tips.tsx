import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { inPageLanguage } from '@/lib/i18n'
import type { Tip, Word } from './parseFeedback'

/** More at once is no advice. */
const INITIALLY_SHOWN = 3

interface Props {
  tips: Tip[]
  words: Word[]
  onWord: (index: number) => void
  className?: string
}

/** The word a tip is about: of two equal ones that with the sound in question. */
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
  if (tips.length === 0) return null
  return (
    <Card className={className}>
      <CardTitle>{t('result.tips.title')}</CardTitle>
      <ol className="grid gap-2">
        {tips.slice(0, showsAll ? tips.length : INITIALLY_SHOWN).map((tip, order) => {
          const index = wordOf(tip, words)
          return (
            <li key={order} className="flex gap-3 rounded-xl bg-raised p-4">
              <span
                aria-hidden
                className="flex size-7 shrink-0 items-center justify-center rounded-full bg-ink text-sm font-bold text-page"
              >
                {order + 1}
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
        })}
      </ol>
      {!showsAll && tips.length > INITIALLY_SHOWN && (
        <Button size="small" className="mt-3" onClick={() => setShowsAll(true)}>
          {t('common.more')}
        </Button>
      )}
    </Card>
  )
}
