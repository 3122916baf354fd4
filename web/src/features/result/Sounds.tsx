import { Ear, Plus } from 'lucide-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { InsertedSound } from '@/api/feedback'
import { cn } from '@/lib/cn'
import type { Sound, Status } from './parseFeedback'

interface Props {
  sounds: Sound[]
  /** Sounds that the learner added; confident detections only. */
  added: InsertedSound[]
  /** The verdict on the word. */
  status: Status
}

const isHeardDifferently = (sound: Sound) => sound.heard_as !== null && sound.heard_as !== sound.expected
/** Heard differently, but with too little confidence to correct it. */
const isUncertain = (sound: Sound) => isHeardDifferently(sound) && !sound.flagged

/** The sounds of a word in a row: the expected one, below it the one heard instead. Only flagged ones are corrected. */
export function Sounds({ sounds, added, status }: Props) {
  const { t } = useTranslation()
  const isOmitted = status === 'omitted'
  const isUnclear = status === 'fair' || status === 'poor'
  const flagged = sounds.filter((sound) => sound.flagged)
  return (
    <>
      <ul className="flex flex-wrap gap-1.5">
        {sounds.map((sound, index) => (
          <Fragment key={index}>
            <AddedTiles added={added} position={index} />
            <Tile sound={sound} isOmitted={isOmitted} />
          </Fragment>
        ))}
        <AddedTiles added={added} position={sounds.length} />
      </ul>
      <ul className="mt-3 grid gap-1">
        {flagged.map((sound, index) => (
          <li key={index} className="flex items-center gap-2 font-semibold text-poor">
            <Ear aria-hidden className="size-4 shrink-0" />
            <Correction sound={sound} />
          </li>
        ))}
        {added.map((sound, index) => (
          <li key={`added-${index}`} className="flex items-center gap-2 font-semibold text-poor">
            <Plus aria-hidden className="size-4 shrink-0" />
            <AddedText sound={sound} next={sounds[sound.position]} />
          </li>
        ))}
      </ul>
      {flagged.length + added.length === 0 && !isOmitted && !sounds.some(isUncertain) && (
        <p className="text-sm text-muted">{t(isUnclear ? 'result.word.unclear' : 'result.word.allGood')}</p>
      )}
      {sounds.some(isUncertain) && !isOmitted && (
        <p className="mt-2 text-sm text-muted">{t('result.word.maybeHelp')}</p>
      )}
    </>
  )
}

function Tile({ sound, isOmitted }: { sound: Sound; isOmitted: boolean }) {
  const { t } = useTranslation()
  return (
    <li
      className={cn(
        'flex min-w-12 flex-col items-center rounded-xl border px-2 py-1.5',
        sound.flagged ? 'border-2 border-poor bg-poor/8' : 'border-line',
      )}
    >
      <span className="font-ipa text-xl font-semibold">{sound.ipa}</span>
      {!isOmitted && !isUncertain(sound) && (
        <span className="text-xs text-muted tabular-nums">{sound.score === null ? '–' : Math.round(sound.score)}</span>
      )}
      {sound.flagged && (
        <span className="flex items-center gap-1 text-poor">
          <Ear aria-hidden className="size-3.5" />
          <span className="font-ipa text-lg font-semibold">{isHeardDifferently(sound) ? sound.heard_ipa : '–'}</span>
        </span>
      )}
      {isUncertain(sound) && !isOmitted && (
        <span className="text-xs text-muted">
          {t('result.word.maybe')} <span className="font-ipa text-sm">{sound.heard_ipa}</span>
        </span>
      )}
    </li>
  )
}

function AddedTiles({ added, position }: { added: InsertedSound[]; position: number }) {
  const { t } = useTranslation()
  return added
    .filter((sound) => sound.position === position)
    .map((sound, index) => (
      <li
        key={index}
        className="flex min-w-12 flex-col items-center rounded-xl border-2 border-dashed border-poor px-2 py-1.5 text-poor"
      >
        <span className="font-ipa text-xl font-semibold">+{sound.ipa}</span>
        <span className="text-xs">{t('result.word.added')}</span>
      </li>
    ))
}

function Correction({ sound }: { sound: Sound }) {
  const { t } = useTranslation()
  if (sound.heard_as === null) return t('result.word.dropped', { expected: sound.ipa })
  if (!isHeardDifferently(sound)) return t('result.word.weak', { expected: sound.ipa })
  return t('result.word.heard', { expected: sound.ipa, heard: sound.heard_ipa ?? '' })
}

function AddedText({ sound, next }: { sound: InsertedSound; next: Sound | undefined }) {
  const { t } = useTranslation()
  return next
    ? t('result.word.addedBefore', { added: sound.ipa, next: next.ipa })
    : t('result.word.addedEnd', { added: sound.ipa })
}
