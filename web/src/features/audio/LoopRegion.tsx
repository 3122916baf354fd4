import { useEffect, useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { MIN_LOOP_S, type Span } from './loopClip'

/** The cursor of a loop, moved without rendering. */
export interface LoopCursor {
  /** Shows it at this second, or hides it. */
  move: (seconds: number | null) => void
}

export interface WaveformLoop {
  /** The part that is repeated, s; null if none is. */
  span: Span | null
  isPlaying: boolean
  toggle: () => void
  select: (span: Span) => void
  cursor: Ref<LoopCursor>
}

interface Props {
  /** The element that is as wide as the waveform; dragging over it chooses a part. */
  area: RefObject<HTMLDivElement | null>
  voice: 'actor' | 'mine'
  /** The speaker, for the names of the sliders. */
  label: string
  duration: number
  loop: WaveformLoop
}

/** A step of an edge by key, s. */
const STEP_S = 0.02

/** The looped part over a waveform, with a slider for each edge. */
export function LoopRegion({ area, voice, label, duration, loop }: Props) {
  const { t } = useTranslation()
  const cursor = useRef<HTMLDivElement>(null)
  const [drawn, setDrawn] = useState<Span | null>(null)
  useDrag({ area, duration, onDraw: setDrawn, onSelect: loop.select })
  useImperativeHandle(loop.cursor, () => ({
    move: (seconds) => {
      if (!cursor.current) return
      cursor.current.hidden = seconds === null
      cursor.current.style.left = `${(100 * (seconds ?? 0)) / duration}%`
    },
  }))
  const span = drawn ?? loop.span
  const change = (edge: keyof Span, seconds: number) => {
    if (!loop.span) return
    const [least, most] = edge === 'from' ? [0, loop.span.to - MIN_LOOP_S] : [loop.span.from + MIN_LOOP_S, duration]
    loop.select({ ...loop.span, [edge]: Math.min(Math.max(seconds, least), most) })
  }
  return (
    <div className="pointer-events-none absolute inset-0">
      {span && (
        <div
          data-testid={`loop-${voice}`}
          className={cn(
            'absolute inset-y-0 rounded-md border-x-2',
            voice === 'actor' ? 'border-actor bg-actor/15' : 'border-mine bg-mine/15',
          )}
          style={{ left: `${(100 * span.from) / duration}%`, right: `${100 - (100 * span.to) / duration}%` }}
        />
      )}
      {loop.span && !drawn && (
        <>
          <Edge
            label={t('practice.loop.from', { what: label })}
            seconds={loop.span.from}
            {...{ area, duration, voice }}
            onChange={(s) => change('from', s)}
          />
          <Edge
            label={t('practice.loop.to', { what: label })}
            seconds={loop.span.to}
            {...{ area, duration, voice }}
            onChange={(s) => change('to', s)}
          />
        </>
      )}
      <div ref={cursor} hidden className="absolute inset-y-0 w-0.5 bg-ink" />
    </div>
  )
}

interface EdgeProps extends Pick<Props, 'area' | 'voice' | 'duration'> {
  label: string
  seconds: number
  onChange: (seconds: number) => void
}

/** One edge as a slider: moved by dragging and by the arrow keys. */
function Edge({ area, voice, duration, label, seconds, onChange }: EdgeProps) {
  const { t } = useTranslation()
  const [dragged, setDragged] = useState<number | null>(null)
  const shown = dragged ?? seconds
  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -STEP_S, ArrowDown: -STEP_S, ArrowRight: STEP_S, ArrowUp: STEP_S }[event.key]
    if (step === undefined) return
    event.preventDefault()
    onChange(seconds + step)
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Number(duration.toFixed(2))}
      aria-valuenow={Number(seconds.toFixed(2))}
      aria-valuetext={t('practice.loop.seconds', { seconds: seconds.toFixed(2) })}
      className="pointer-events-auto absolute inset-y-0 z-10 -ml-3 w-6 cursor-ew-resize touch-none rounded-md"
      style={{ left: `${(100 * shown) / duration}%` }}
      onKeyDown={move}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragged(seconds)
      }}
      onPointerMove={(event) => dragged !== null && setDragged(secondAt(area.current, event.clientX, duration))}
      onPointerUp={() => {
        setDragged(null)
        if (dragged !== null && dragged !== seconds) onChange(dragged)
      }}
      onPointerCancel={() => setDragged(null)}
    >
      <span
        aria-hidden
        className={cn(
          'absolute bottom-0 left-1/2 size-3.5 -translate-x-1/2 translate-y-1/2 rounded-full border-2 border-surface',
          voice === 'actor' ? 'bg-actor' : 'bg-mine',
        )}
      />
    </div>
  )
}

/** The second under a horizontal position of the pointer, px. */
function secondAt(area: HTMLElement | null, x: number, duration: number): number {
  const { left, width } = area?.getBoundingClientRect() ?? { left: 0, width: 1 }
  return Math.min(Math.max((x - left) / width, 0), 1) * duration
}

/** Pointers that move less than this press, they do not drag. */
const DRAG_PX = 6

interface DragOptions {
  area: RefObject<HTMLDivElement | null>
  duration: number
  onDraw: (span: Span | null) => void
  onSelect: (span: Span) => void
}

/** Chooses a part by dragging over the waveform; a press still moves its cursor, and touch still scrolls the page. */
function useDrag({ area, duration, onDraw, onSelect }: DragOptions) {
  const select = useRef(onSelect)
  useEffect(() => {
    select.current = onSelect
  })
  useEffect(() => {
    if (!area.current) return
    return listenToDrags(area.current, duration, onDraw, (span) => select.current(span))
  }, [area, duration, onDraw])
}

const isEdge = (target: EventTarget | null) => target instanceof Element && target.closest('[role="slider"]') !== null

function listenToDrags(
  element: HTMLElement,
  duration: number,
  onDraw: DragOptions['onDraw'],
  onSelect: DragOptions['onSelect'],
) {
  let start: { x: number; pointer: number } | null = null
  let drawn: Span | null = null
  const begin = ({ button, isPrimary, clientX, pointerId, target }: PointerEvent) => {
    if (button === 0 && isPrimary && !isEdge(target)) start = { x: clientX, pointer: pointerId }
    drawn = null
  }
  const draw = ({ clientX, pointerId }: PointerEvent) => {
    if (start?.pointer !== pointerId || (!drawn && Math.abs(clientX - start.x) < DRAG_PX)) return
    if (!drawn) element.setPointerCapture(pointerId)
    const [a, b] = [secondAt(element, start.x, duration), secondAt(element, clientX, duration)]
    drawn = { from: Math.min(a, b), to: Math.max(a, b) }
    onDraw(drawn)
  }
  const cancel = () => {
    start = null
    onDraw(null)
  }
  const end = () => {
    if (start && drawn) onSelect(drawn)
    cancel()
  }
  const suppressClick = (event: MouseEvent) => {
    if (drawn) event.stopPropagation() // the end of a drag is no press
    drawn = null
  }
  const keepStill = (event: TouchEvent) => {
    if ((drawn || isEdge(event.target)) && event.cancelable) event.preventDefault() // else Chromium takes it for a fling and drops the next tap
  }
  const listening = new AbortController()
  const { signal } = listening
  element.addEventListener('pointerdown', begin, { signal })
  element.addEventListener('pointermove', draw, { signal })
  element.addEventListener('pointerup', end, { signal })
  element.addEventListener('pointercancel', cancel, { signal })
  element.addEventListener('touchmove', keepStill, { signal, passive: false })
  element.addEventListener('click', suppressClick, { signal, capture: true })
  return () => listening.abort()
}
