import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenDetail } from '@/api'
import { translationOf } from '@/lib/i18n'
import { LineText } from './LineText'
import type { Piece } from './words'

interface Props {
  line: TokenDetail
  pieces: readonly Piece[]
  current: number
  playFrom: (seconds: number) => void
}

export function LineHeading({ line, pieces, current, playFrom }: Props) {
  const { t } = useTranslation()
  const translation = translationOf(line)
  useEffect(() => {
    document.title = `${line.text} · YouSync`
  }, [line.text])
  return (
    <div className="space-y-3">
      <p className="font-semibold text-actor">{line.actor.name}</p>
      <LineText language={line.script.language} pieces={pieces} current={current} playFrom={playFrom} />
      {translation && (
        <p lang={translation.language} className="text-lg text-muted">
          {translation.text}
        </p>
      )}
      {pieces.some(({ from }) => from !== null) && <p className="text-sm text-muted">{t('studio.line.words')}</p>}
    </div>
  )
}
