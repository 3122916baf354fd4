import { ArrowDownRight, ArrowRight, ArrowUpRight, Minus, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AddedWord, InsertedSound } from '@/api/feedback'
import { Card, CardTitle } from '@/components/Card'
import { ScoreBadge } from '@/components/ScoreBadge'
import type { Direction, Word } from './parseFeedback'
import { AddedWordNote } from './AddedWords'
import { isUnsure } from './grades'
import { Sounds } from './Sounds'

interface Props {
  word: Word
  /** The language of the script. */
  language: string
  /** Sounds that were added to the word. */
  added: InsertedSound[]
  /** Speech beside the word that is not in the line. */
  addedWords: AddedWord[]
  className?: string
}

/** The selected word: its sounds, and its delivery compared with the actor's. */
export function WordDetail({ word, language, added, addedWords, className }: Props) {
  const { t } = useTranslation()
  const isOmitted = word.status === 'omitted'
  return (
    <Card className={className}>
      <CardTitle aside={<ScoreBadge score={word.score} verdict={word.status} label={t('result.word.score')} />}>
        <span lang={language} className="text-2xl">
          {t('result.word.title', { word: word.text })}
        </span>
      </CardTitle>
      {isOmitted && <p className="mb-4 rounded-xl bg-raised px-4 py-3">{t('result.word.omitted')}</p>}
      {addedWords.map((item) => (
        <AddedWordNote key={item.start_s} added={item} />
      ))}
      {isUnsure(word.confidence) && (
        <p className="mb-4 rounded-xl bg-raised px-4 py-3 text-sm">{t('result.word.unsure')}</p>
      )}
      {word.phones.length > 0 && (
        <>
          <h3 className="mb-3 font-bold">{t('result.word.sounds')}</h3>
          <Sounds sounds={word.phones} added={added} status={word.status} />
        </>
      )}
      {(word.stress ?? word.pitch ?? word.breaks) && <Delivery word={word} />}
    </Card>
  )
}

const ARROWS: Record<Direction, LucideIcon> = { rise: ArrowUpRight, fall: ArrowDownRight, flat: ArrowRight }

function Delivery({ word }: { word: Word }) {
  const { t } = useTranslation()
  return (
    <>
      <h3 className="mt-6 mb-2 font-bold">{t('result.word.delivery')}</h3>
      <table className="w-full text-left">
        <thead>
          <tr className="text-sm text-muted">
            <td />
            <th scope="col" className="py-1 pr-3 font-semibold text-mine">
              {t('result.mine')}
            </th>
            <th scope="col" className="py-1 font-semibold text-actor">
              {t('result.actor')}
            </th>
          </tr>
        </thead>
        <tbody>
          <ComparisonRow
            title={t('result.word.stress')}
            mine={<YesNo value={word.stress?.user} />}
            actor={<YesNo value={word.stress?.reference} />}
          />
          <ComparisonRow
            title={t('result.word.pitch')}
            mine={<PitchDirection value={word.pitch?.user} />}
            actor={<PitchDirection value={word.pitch?.reference} />}
          />
        </tbody>
      </table>
      {word.status !== 'omitted' && (
        <p className="mt-3 border-t border-line pt-3">
          <span className="text-sm text-muted">{t('result.word.pause')}: </span>
          <Pause breaks={word.breaks} />
        </p>
      )}
    </>
  )
}

function ComparisonRow({ title, mine, actor }: { title: string; mine: ReactNode; actor: ReactNode }) {
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-2.5 pr-3 text-sm font-normal text-muted">
        {title}
      </th>
      <td className="py-2.5 pr-3 font-semibold">{mine}</td>
      <td className="py-2.5 font-semibold">{actor}</td>
    </tr>
  )
}

function Unknown() {
  const { t } = useTranslation()
  return (
    <span className="inline-flex items-center gap-1 font-normal text-muted">
      <Minus aria-hidden className="size-4" />
      <span className="text-sm">{t('result.word.unknown')}</span>
    </span>
  )
}

function YesNo({ value }: { value: boolean | null | undefined }) {
  const { t } = useTranslation()
  return typeof value === 'boolean' ? t(value ? 'result.word.yes' : 'result.word.no') : <Unknown />
}

function PitchDirection({ value }: { value: Direction | null | undefined }) {
  const { t } = useTranslation()
  if (!value) return <Unknown />
  const Arrow = ARROWS[value]
  return (
    <span className="inline-flex items-center gap-1">
      <Arrow aria-hidden className="size-5" />
      {t(`result.word.${value}`)}
    </span>
  )
}

function Pause({ breaks }: { breaks: Word['breaks'] }) {
  const { t } = useTranslation()
  if (!breaks) return t('result.word.pauseNone')
  return t(breaks.unexpected ? 'result.word.pauseUnexpected' : 'result.word.pauseExpected', {
    seconds: breaks.length_s.toFixed(1),
  })
}
