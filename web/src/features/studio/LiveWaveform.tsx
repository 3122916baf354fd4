import { useEffect, useRef } from 'react'
import { CLIPPING } from './level'

const BAR_PX = 3
const STEP_PX = 5
const LOWEST_PX = 2

/** The live waveform at its real height: full height is full scale, and clipped parts have another colour. */
export function LiveWaveform({ isBusy, peaks }: { isBusy: boolean; peaks: readonly number[] }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current && isBusy) draw(canvas.current, peaks)
  }, [isBusy, peaks])
  return isBusy ? <canvas ref={canvas} aria-hidden className="block h-16 w-full" /> : null
}

/** Draws one bar for each peak, 0–1, the latest at the right end. */
function draw(canvas: HTMLCanvasElement, peaks: readonly number[]) {
  const context = canvas.getContext('2d')
  if (!context) return
  const { clientWidth: width, clientHeight: height } = canvas
  const ratio = window.devicePixelRatio || 1
  canvas.width = width * ratio
  canvas.height = height * ratio
  context.scale(ratio, ratio)
  const colours = getComputedStyle(canvas)
  const [voice, clipped] = ['--mine', '--poor'].map((name) => colours.getPropertyValue(name))
  const shown = peaks.slice(-Math.floor(width / STEP_PX))
  shown.forEach((peak, index) => {
    const bar = barHeight(peak, height)
    context.fillStyle = (peak >= CLIPPING ? clipped : voice) ?? ''
    context.fillRect(width - (shown.length - index) * STEP_PX, (height - bar) / 2, BAR_PX, bar)
  })
}

/** The height of a bar in a box of this height, px: in proportion to the peak, so that a quiet voice looks quiet. */
export function barHeight(peak: number, height: number): number {
  return Math.min(height, Math.max(LOWEST_PX, peak * height))
}
