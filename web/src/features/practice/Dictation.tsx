import { Check, Headphones, Plus, X } from 'lucide-react'
import { useId, useState, type KeyboardEvent, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { cn } from '@/lib/cn'
import { markDictation, type Mark } from './markDictation'

interface Props {
  line: string
  language: string
  /** Plays or pauses the line. */
  listen: () => void
}

/** Dictation: what the learner heard is typed and marked word by word; the answer shows on demand. */
export function Dictation({ line, language, listen }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [marks, setMarks] = useState<Mark[] | null>(null)
  const [isAnswerShown, setAnswerShown] = useState(false)
  const check = () => {
    if (typed.trim()) setMarks(markDictation(line, typed, language))
  }
  const change = (text: string) => {
    setTyped(text)
    setMarks(null)
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    check()
  }
  return (
    <form onSubmit={submit} className="rounded-2xl border border-line p-3">
      <Field {...{ typed, language, check, listen }} onChange={change} />
      <div className="mt-2 flex flex-wrap gap-2">
        <Button onClick={listen}>
          <Headphones aria-hidden className="size-4" /> {t('practice.dictation.listen')}
        </Button>
        <Button type="submit" kind="primary">
          {t('practice.dictation.check')}
        </Button>
        {marks && !isAnswerShown && (
          <Button kind="ghost" onClick={() => setAnswerShown(true)}>
            {t('practice.dictation.answer')}
          </Button>
        )}
      </div>
      <Marks marks={marks} language={language} />
      {isAnswerShown && (
        <p lang={language} className="mt-3 text-lg font-bold">
          {line}
        </p>
      )}
    </form>
  )
}

interface FieldProps extends Pick<Props, 'language' | 'listen'> {
  typed: string
  onChange: (text: string) => void
  check: () => void
}

function Field({ typed, language, onChange, check, listen }: FieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    if (event.ctrlKey || event.metaKey) listen()
    else check()
  }
  return (
    <>
      <label htmlFor={id} className="font-semibold">
        {t('practice.dictation.label')}
      </label>
      <textarea
        id={id}
        rows={2}
        lang={language}
        value={typed}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={press}
        aria-describedby={`${id}-help`}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        className="mt-2 w-full rounded-xl border border-muted bg-surface px-3 py-2 text-lg"
      />
      <p id={`${id}-help`} className="text-xs text-muted">
        {t('practice.dictation.help')} <span className="pointer-coarse:hidden">{t('practice.dictation.helpKeys')}</span>
      </p>
    </>
  )
}

function Marks({ marks, language }: { marks: Mark[] | null; language: string }) {
  const { t } = useTranslation()
  const count = marks?.filter(({ expected }) => expected !== null).length ?? 0
  const right = marks?.filter(({ kind }) => kind === 'right').length ?? 0
  const isPerfect = marks !== null && marks.every(({ kind }) => kind === 'right')
  return (
    <>
      <p role="status" className={cn('font-bold', marks && 'mt-3', isPerfect && 'text-good')}>
        {marks && t(isPerfect ? 'practice.dictation.perfect' : 'practice.dictation.score', { count, right })}
      </p>
      {marks && (
        <ol aria-label={t('practice.dictation.marks')} className="mt-2 flex flex-wrap gap-2">
          {marks.map((mark, index) => (
            <MarkedWord key={index} mark={mark} language={language} />
          ))}
        </ol>
      )}
    </>
  )
}

const LOOKS = {
  right: { icon: Check, classes: 'border-good/50 bg-good/8 text-good' },
  wrong: { icon: X, classes: 'border-poor/50 bg-poor/8 text-poor' },
  missing: { icon: null, classes: 'border-dashed border-muted text-muted' },
  extra: { icon: Plus, classes: 'border-fair/50 bg-fair/8 text-fair' },
} as const

/** A typed word with its mark, or a gap for one that is missing; the right word stays the learner's to find. */
function MarkedWord({ mark: { kind, typed }, language }: { mark: Mark; language: string }) {
  const { t } = useTranslation()
  const { icon: Icon, classes } = LOOKS[kind]
  return (
    <li className={cn('flex min-h-9 items-center gap-1 rounded-xl border px-2.5 text-lg font-semibold', classes)}>
      {Icon && <Icon aria-hidden className="size-4 shrink-0" />}
      {typed === null ? (
        <span aria-hidden className="px-3">
          ?
        </span>
      ) : (
        <span lang={language} className={cn(kind !== 'right' && 'line-through')}>
          {typed}
        </span>
      )}
      <span className="sr-only">{t(`practice.dictation.${kind}`)}</span>
    </li>
  )
}
