import { useEffect, useRef, useState, type MouseEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import type { Piece } from './words'

interface Props {
  language: string
  pieces: readonly Piece[]
  /** The index of the piece being spoken. */
  current: number
  /** Plays from this piece, or repeats it. */
  onWord: (index: number) => void
  /** Repeats these pieces, the first and the last one included. */
  onWords: (first: number, last: number) => void
}

export const LINE_TEXT_CLASSES =
  'text-3xl leading-snug font-extrabold tracking-tight text-balance sm:text-4xl sm:leading-snug'

/** The text of the line; pressing a timed word plays it, dragging over words repeats them. */
export function LineText({ language, pieces, current, onWord, onWords }: Props) {
  const { t } = useTranslation()
  const { chosen, handlers } = useWordDrag(onWords)
  return (
    <h1 lang={language} className={cn(LINE_TEXT_CLASSES, 'touch-pan-y')} {...handlers}>
      {pieces.map((piece, index) =>
        piece.from === null ? (
          <span key={index}>{piece.text}</span>
        ) : (
          <button
            key={index}
            type="button"
            data-piece={index}
            title={t('studio.line.fromHere')}
            className={cn(
              'rounded-md underline decoration-line decoration-2 underline-offset-8 hover:decoration-actor',
              index === current && 'text-actor decoration-actor',
              chosen && index >= chosen.first && index <= chosen.last && 'bg-actor/15',
            )}
            onClick={() => onWord(index)}
          >
            {piece.text}
          </button>
        ),
      )}
    </h1>
  )
}

interface Words {
  first: number
  last: number
}

/** The piece under the pointer; a captured pointer has its first one as target. */
function pieceUnder({ clientX, clientY }: PointerEvent): number | null {
  const piece = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-piece]')?.dataset.piece
  return piece === undefined ? null : Number(piece)
}

/** The words that are dragged over, and the handlers of the element that holds them. */
function useWordDrag(onWords: Props['onWords']) {
  const start = useRef<number | null>(null)
  const hasDragged = useRef(false)
  const element = useRef<HTMLHeadingElement>(null)
  const [chosen, setChosen] = useState<Words | null>(null)
  useEffect(() => {
    const heading = element.current
    const keepStill = (event: TouchEvent) => {
      // Else Chromium takes the drag for a fling and drops the next tap.
      if (start.current !== null && hasDragged.current && event.cancelable) event.preventDefault()
    }
    heading?.addEventListener('touchmove', keepStill, { passive: false })
    return () => heading?.removeEventListener('touchmove', keepStill)
  }, [])

  function begin(event: PointerEvent) {
    hasDragged.current = false
    start.current = event.button === 0 && event.isPrimary ? pieceUnder(event) : null
  }

  function extend(event: PointerEvent) {
    const over = start.current === null ? null : pieceUnder(event)
    if (start.current === null || over === null || (over === start.current && !chosen)) return
    hasDragged.current = true
    setChosen({ first: Math.min(start.current, over), last: Math.max(start.current, over) })
  }

  function end() {
    if (chosen) onWords(chosen.first, chosen.last)
    cancel()
  }

  function cancel() {
    start.current = null
    setChosen(null)
  }

  function suppressClick(event: MouseEvent) {
    if (hasDragged.current) event.stopPropagation() // the end of a drag presses no word
    hasDragged.current = false
  }

  const handlers = {
    ref: element,
    onPointerDown: begin,
    onPointerMove: extend,
    onPointerUp: end,
    onPointerCancel: cancel,
    onClickCapture: suppressClick,
  }
  return { chosen, handlers }
}
