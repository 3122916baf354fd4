import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import type { Piece } from './words'

interface Props {
  language: string
  pieces: readonly Piece[]
  /** The index of the piece being spoken. */
  current: number
  playFrom: (seconds: number) => void
}

/** The text of the line; pressing a timed word plays the actor from there. */
export function LineText({ language, pieces, current, playFrom }: Props) {
  const { t } = useTranslation()
  return (
    <h1
      lang={language}
      className="text-3xl leading-snug font-extrabold tracking-tight text-balance sm:text-4xl sm:leading-snug"
    >
      {pieces.map((piece, index) =>
        piece.from === null ? (
          <span key={index}>{piece.text}</span>
        ) : (
          <button
            key={index}
            type="button"
            title={t('studio.line.fromHere')}
            className={cn(
              'rounded-md underline decoration-line decoration-2 underline-offset-8 hover:decoration-actor',
              index === current && 'text-actor decoration-actor',
            )}
            onClick={() => playFrom(piece.from ?? 0)}
          >
            {piece.text}
          </button>
        ),
      )}
    </h1>
  )
}
