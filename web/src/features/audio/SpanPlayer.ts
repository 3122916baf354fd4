import { applyRate } from './rate'

export interface SpanHandlers {
  /** It is about to play. */
  onStart: () => void
  onPlaying: (isPlaying: boolean) => void
  /** The position, s: at each jump and pause, and TICK_MS apart while it plays. */
  onTime: (seconds: number) => void
  onEnd: () => void
  /** The sound cannot be played, or not further. */
  onFailed: () => void
}

const TICK_MS = 50

/** Plays a sound or a part of it, without a callback in each frame: drawing a frame costs more than playing. */
export class SpanPlayer {
  readonly audio = new Audio()
  private readonly handlers: SpanHandlers
  private until = Infinity
  /** Where to go once it can: Safari may lose a jump before the sound can be played. */
  private wanted: number | null = null
  private ticking: number | undefined
  private stopping: number | undefined

  constructor(url: string, handlers: SpanHandlers) {
    this.handlers = handlers
    this.audio.src = url
    this.audio.addEventListener('play', handlers.onStart)
    this.audio.addEventListener('canplay', this.jump)
    this.audio.addEventListener('playing', this.begin)
    this.audio.addEventListener('ratechange', this.planStop)
    this.audio.addEventListener('pause', this.rest)
    this.audio.addEventListener('seeked', this.tell)
    this.audio.addEventListener('ended', this.end)
    this.audio.addEventListener('error', this.fail)
  }

  /** Plays from `from` (s; from here by default) to `to` (s; to the end by default). */
  async play(from?: number, to = Infinity) {
    this.until = to
    // Only where it is asked for: at the end of a sound, Firefox would end again at once.
    if (from !== undefined) this.go(from)
    await this.audio.play()
    this.jump()
    this.planStop()
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
    this.go(seconds)
    this.planStop()
  }

  setRate(rate: number) {
    applyRate(this.audio, rate)
  }

  close() {
    window.clearInterval(this.ticking)
    window.clearTimeout(this.stopping)
    this.audio.removeEventListener('pause', this.rest)
    this.audio.removeEventListener('error', this.fail)
    this.audio.pause()
    this.audio.removeAttribute('src')
    this.audio.load()
  }

  private go(seconds: number) {
    this.wanted = seconds
    if (this.audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) this.jump()
  }

  private readonly jump = () => {
    if (this.wanted === null) return
    this.audio.currentTime = this.wanted
    this.wanted = null
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

  private readonly fail = () => {
    this.rest()
    this.handlers.onFailed()
  }

  private readonly tell = () => {
    this.handlers.onTime(this.wanted ?? this.audio.currentTime)
  }

  /** Pauses at `until`: looks again where the sound was late. */
  private readonly planStop = () => {
    window.clearTimeout(this.stopping)
    if (this.audio.paused || this.wanted !== null || this.until === Infinity) return
    const left = (this.until - this.audio.currentTime) / this.audio.playbackRate
    if (left <= 0) this.pause()
    else this.stopping = window.setTimeout(this.planStop, 1000 * left)
  }
}
