import { Eye } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenDetail } from '@/api'
import { Button } from '@/components/Button'
import { textChoice } from '@/features/practice/choices'
import type { Practice } from '@/features/practice/usePractice'
import { actorLanguage, actorName } from '@/lib/actors'
import { translationOf } from '@/lib/i18n'
import { LINE_TEXT_CLASSES, LineText } from './LineText'
import type { Piece } from './words'

interface Props {
  line: TokenDetail
  pieces: readonly Piece[]
  current: number
  practice: Practice
  /** Plays the actor from here, s. */
  playFrom: (seconds: number) => void
}

export function LineHeading(props: Props) {
  const { line, pieces, practice } = props
  const { t } = useTranslation()
  const translation = translationOf(line)
  const isShown = practice.textMode === 'shown'
  useEffect(() => {
    document.title = `${isShown ? line.text : t('studio.title')} · YouSync`
  }, [line.text, isShown, t])
  return (
    <div className="space-y-3">
      <p lang={actorLanguage(line.actor, line.script.language)} className="font-semibold text-actor">
        {actorName(line.actor)}
      </p>
      {isShown ? <ReadableLine {...props} /> : <UnreadableLine line={line} practice={practice} />}
      {translation && (
        <p lang={translation.language} className="text-lg text-muted">
          {translation.text}
        </p>
      )}
      {isShown && pieces.some(({ from }) => from !== null) && (
        <p className="text-sm text-muted">{t('studio.line.words')}</p>
      )}
    </div>
  )
}

function ReadableLine({ line, pieces, current, practice, playFrom }: Props) {
  const { loop, play, chooseUnit } = practice
  const press = (index: number) => {
    const from = pieces[index]?.from ?? 0
    if (loop?.unit === 'word' || loop?.unit === 'phrase') void chooseUnit(loop.unit, from)
    else playFrom(from)
  }
  const repeat = (first: number, last: number) => {
    const [from, to] = [pieces[first]?.from, pieces[last]?.to]
    if (from != null && to != null) play({ unit: null, span: { from, to } })
  }
  return <LineText language={line.script.language} {...{ pieces, current }} onWord={press} onWords={repeat} />
}

/** The line for the ears only: blurred or hidden on the screen, and not read by screen readers. */
function UnreadableLine({ line, practice }: Pick<Props, 'line' | 'practice'>) {
  const { t } = useTranslation()
  const notice = t(practice.isDictating ? 'practice.text.dictating' : 'practice.text.isHidden')
  return (
    <>
      <h1 className={LINE_TEXT_CLASSES}>
        {practice.textMode === 'blurred' ? (
          <>
            <span className="sr-only">{notice}</span>
            <span aria-hidden lang={line.script.language} className="blur-md select-none">
              {line.text}
            </span>
          </>
        ) : (
          <span className="text-muted">{notice}</span>
        )}
      </h1>
      {!practice.isDictating && (
        <Button size="small" onClick={() => textChoice.set('shown')}>
          <Eye aria-hidden className="size-4" /> {t('practice.text.show')}
        </Button>
      )}
    </>
  )
}
