/** A deviation from what is heard that is corrected, s. */
const TOLERANCE_S = 0.05

/**
 * Moves an element that is as wide as a waveform or a chart along it. The browser animates it by itself: moved by a
 * script, everything below it would be laid out and painted again in each frame.
 */
export class Playhead {
  private animation: Animation | null = null
  private begin: { element: HTMLElement | null; share: number; perSecond: number } = {
    element: null,
    share: 0,
    perSecond: 0,
  }

  /** Shows the element at this share of the width, going on at `perSecond`; 0: it stands still. */
  follow(element: HTMLElement, share: number, perSecond: number) {
    if (perSecond > 0 && this.isGoing(element, share, perSecond)) return
    this.stop()
    element.style.transform = `translateX(${100 * share}%)`
    if (perSecond <= 0 || share >= 1) return
    this.begin = { element, share, perSecond }
    this.animation = element.animate(
      { transform: ['', 'translateX(100%)'] },
      { duration: (1000 * (1 - share)) / perSecond, fill: 'forwards' },
    )
  }

  stop() {
    this.animation?.cancel()
    this.animation = null
  }

  private isGoing(element: HTMLElement, share: number, perSecond: number): boolean {
    if (!this.animation || this.begin.element !== element || this.begin.perSecond !== perSecond) return false
    const shown = this.begin.share + (perSecond * Number(this.animation.currentTime ?? 0)) / 1000
    return Math.abs(Math.min(shown, 1) - share) <= TOLERANCE_S * perSecond
  }
}
