import { Play, Square } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { useShortcuts } from '@/features/studio/keyboard'
import { cn } from '@/lib/cn'
import {
  COARSE_STEP_S,
  FINE_STEP_S,
  fitWindow,
  momentAt,
  moveCue,
  moveEdge,
  placeOf,
  type Edge,
  type Times,
} from './cueTimes'
import { Peaks } from './Peaks'
import { playSpan } from './playSpan'
import { useSound, useWaveform } from './useSceneSound'
import { Refusal } from './Refusal'

interface Props {
  scriptId: number
  lengthS: number
  cue: Times
  /** The name of the line, for controls. */
  label: string
  /** `gesture` is the same for all changes of one drag. */
  onChange: (cue: Times, gesture: string) => void
}

/** The sound around a line, with its times as two edges that are dragged, or moved by the arrow keys. */
export function CueWave({ scriptId, lengthS, cue, label, onChange }: Props) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(() => fitWindow(null, cue, lengthS))
  const [isDragged, setDragged] = useState(false)
  const fitting = isDragged ? shown : fitWindow(shown, cue, lengthS)
  if (fitting !== shown && (fitting.start !== shown.start || fitting.end !== shown.end)) setShown(fitting)
  const waveform = useWaveform(scriptId, shown, true)
  const player = useCuePlayer(scriptId, shown, cue)
  const area = useRef<HTMLDivElement>(null)
  const drag = useDrag(area, shown, setDragged)
  const parts = { cue, shown, lengthS, label, onChange, drag }
  useShortcuts({ Space: player.toggle })
  return (
    <div>
      <div className="rounded-xl bg-raised px-11">
        <div ref={area} className="relative h-32 touch-pan-y select-none">
          {waveform.data && <Peaks peaks={waveform.data.peaks} />}
          <Body {...parts} />
          <EdgeHandle {...parts} edge="start" />
          <EdgeHandle {...parts} edge="end" />
        </div>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <Button
          onClick={player.toggle}
          disabled={!player.isReady}
          aria-label={player.isPlaying ? undefined : t('curator.cue.play', { what: label })}
        >
          {player.isPlaying ? <Square aria-hidden className="size-5" /> : <Play aria-hidden className="size-5" />}
          {t(player.isPlaying ? 'curator.cue.stop' : 'curator.cue.listen')}
        </Button>
        <p className="text-sm text-muted">{t('curator.cue.keys')}</p>
      </div>
      {player.error !== null && <Refusal error={player.error} />}
    </div>
  )
}

/** Plays the times that are set now, saved or not. */
function useCuePlayer(scriptId: number, shown: Times, cue: Times) {
  const sound = useSound(scriptId, shown)
  const [isPlaying, setPlaying] = useState(false)
  const stop = useRef<(() => void) | null>(null)
  useEffect(() => () => stop.current?.(), [])
  const end = () => {
    stop.current = null
    setPlaying(false)
  }
  const toggle = () => {
    if (stop.current) return stop.current()
    if (!sound.data) return
    stop.current = playSpan(sound.data, cue.start - shown.start, cue.end - shown.start, end)
    setPlaying(true)
  }
  return { toggle, isPlaying, isReady: sound.data !== undefined, error: sound.isError ? sound.error : null }
}

type Drag = ReturnType<typeof useDrag>

/** Follows a pointer from where it went down: `move` gets the moment below it and the time since the start of the drag. */
function useDrag(area: RefObject<HTMLDivElement | null>, shown: Times, setDragged: (isDragged: boolean) => void) {
  const count = useRef(0)
  return (event: PointerEvent, move: (moment: number, gesture: string) => void) => {
    const box = area.current?.getBoundingClientRect()
    if (!box || event.button !== 0) return
    const target = event.currentTarget as HTMLElement
    const gesture = `drag ${++count.current}`
    const follow = ({ clientX }: { clientX: number }) =>
      move(momentAt((clientX - box.left) / box.width, shown), gesture)
    const finish = () => {
      setDragged(false)
      target.removeEventListener('pointermove', follow)
      target.removeEventListener('lostpointercapture', finish)
    }
    target.setPointerCapture(event.pointerId)
    target.addEventListener('pointermove', follow)
    target.addEventListener('lostpointercapture', finish)
    setDragged(true)
  }
}

interface PartProps extends Omit<Props, 'scriptId'> {
  shown: Times
  drag: Drag
}

/** The line itself, which is dragged as a whole. */
function Body({ cue, shown, lengthS, onChange, drag }: PartProps) {
  const press = (event: PointerEvent) => {
    let from: number | null = null
    drag(event, (moment, gesture) => {
      from ??= moment
      onChange(moveCue(cue, moment - from, lengthS), gesture)
    })
  }
  return (
    <div
      onPointerDown={press}
      className="absolute inset-y-0 cursor-grab bg-actor/20"
      style={{
        left: percent(cue.start, shown),
        width: `${(placeOf(cue.end, shown) - placeOf(cue.start, shown)) * 100}%`,
      }}
    />
  )
}

const percent = (moment: number, shown: Times) => `${placeOf(moment, shown) * 100}%`

function EdgeHandle({ edge, cue, shown, lengthS, label, onChange, drag }: PartProps & { edge: Edge }) {
  const { t } = useTranslation()
  const moveTo = (moment: number, gesture: string) => onChange(moveEdge(cue, edge, moment, lengthS), gesture)
  const press = (event: KeyboardEvent) => {
    const step = stepOf(event)
    if (step === 0) return
    moveTo(cue[edge] + step, `keys ${edge}`)
    event.preventDefault()
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t(`curator.cue.${edge}`, { what: label })}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={lengthS}
      aria-valuenow={cue[edge]}
      aria-valuetext={t('curator.cue.seconds', { seconds: cue[edge].toFixed(3) })}
      onKeyDown={press}
      onPointerDown={(event) => drag(event, moveTo)}
      className={cn(
        'absolute inset-y-0 w-11 touch-none cursor-ew-resize rounded-md -outline-offset-3',
        'after:absolute after:inset-y-0 after:w-1 after:rounded-full after:bg-ink',
        edge === 'start' ? '-translate-x-full after:right-0' : 'after:left-0',
      )}
      style={{ left: percent(cue[edge], shown) }}
    />
  )
}

/** The time that a key moves an edge by, s; 0 for other keys. */
function stepOf({ key, shiftKey }: KeyboardEvent): number {
  const step = shiftKey ? COARSE_STEP_S : FINE_STEP_S
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return -step
    case 'ArrowRight':
    case 'ArrowUp':
      return step
    case 'PageDown':
      return -COARSE_STEP_S
    case 'PageUp':
      return COARSE_STEP_S
    default:
      return 0
  }
}
