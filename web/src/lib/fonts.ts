import { whenIdle } from './idle'

/** A frequent syllable and a rare one, which look different in every font that has both. */
const SYLLABLES = ['가', '뷁'] as const
const SIZE_PX = 16

/**
 * Loads letters beyond those of the page's own texts where the device has no font for them: names and titles would be
 * rows of boxes. Other devices show them in a font of their own, and load nothing.
 */
export function completeFonts() {
  whenIdle(() => {
    if (!hasHangul()) void import('./missingLetters.css').catch(() => undefined) // the next visit retries
  })
}

/** Whether a font of this device has Korean letters: without one, all of them are the same box. */
function hasHangul(): boolean {
  const [first, second] = SYLLABLES.map(drawn)
  return first === null || first !== second
}

function drawn(letter: string): string | null {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 2 * SIZE_PX
  const context = canvas.getContext('2d')
  if (!context) return null
  context.font = `${SIZE_PX}px sans-serif`
  context.fillText(letter, 0, SIZE_PX)
  return context.getImageData(0, 0, canvas.width, canvas.height).data.join()
}
