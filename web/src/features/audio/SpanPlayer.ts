import { applyRate } from './rate'

export interface SpanHandlers {
  onPlaying: (isPlaying: boolean) => void
  /** The position, s: at each jump and pause, and TICK_MS apart while it plays. */
  onTime: (seconds: number) => void
  onEnd: () => void
}

const TICK_MS = 50

/** Plays a sound or a part of it, without a callback in each frame: drawing a frame costs more than playing. */
export class SpanPlayer {
  readonly audio = new Audio()
  private readonly handlers: SpanHandlers
  private until = Infinity
  private ticking: number | undefined
  private stopping: number | undefined

  constructor(url: string, handlers: SpanHandlers) {
    this.handlers = handlers
    this.audio.src = url
    this.audio.addEventListener('playing', this.begin)
    this.audio.addEventListener('ratechange', this.planStop)
    this.audio.addEventListener('pause', this.rest)
    this.audio.addEventListener('seeked', this.tell)
    this.audio.addEventListener('ended', this.end)
  }

  /** Plays from `from` (s; from here by default) to `to` (s; to the end by default). */
  async play(from = this.audio.currentTime, to = Infinity) {
    this.until = to
    this.audio.currentTime = from
    await this.audio.play()
  }

  pause() {
    this.audio.pause()
  }

  async toggle() {
    if (this.audio.paused) await this.play()
    else this.pause()
  }

  /** Moves to this second, and goes on to the end if it plays. */
  seek(seconds: number) {
    this.until = Infinity
    this.audio.currentTime = seconds
    this.planStop()
  }

  setRate(rate: number) {
    applyRate(this.audio, rate)
  }

  close() {
    window.clearInterval(this.ticking)
    window.clearTimeout(this.stopping)
    this.audio.removeEventListener('pause', this.rest)
    this.audio.pause()
    this.audio.removeAttribute('src')
    this.audio.load()
  }

  private readonly begin = () => {
    window.clearInterval(this.ticking)
    this.ticking = window.setInterval(this.tell, TICK_MS)
    this.planStop()
    this.handlers.onPlaying(true)
    this.tell()
  }

  private readonly rest = () => {
    window.clearInterval(this.ticking)
    window.clearTimeout(this.stopping)
    this.handlers.onPlaying(false)
    this.tell()
  }

  private readonly end = () => {
    this.handlers.onEnd()
  }

  private readonly tell = () => {
    this.handlers.onTime(this.audio.currentTime)
  }

  /** Pauses at `until`: looks again where the sound was late. */
  private readonly planStop = () => {
    window.clearTimeout(this.stopping)
    if (this.audio.paused || this.until === Infinity) return
    const left = (this.until - this.audio.currentTime) / this.audio.playbackRate
    if (left <= 0) this.pause()
    else this.stopping = window.setTimeout(this.planStop, 1000 * left)
  }
}
