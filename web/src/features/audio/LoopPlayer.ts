import { claimPlayback, releasePlayback } from './activeSound'
import { decode } from './decode'
import { cutLoop, durationOf, encodeWav, fitSpan, positionInLoop, type Span } from './loopClip'
import { applyRate } from './rate'

export interface LoopOrder {
  source: string | Blob
  span: Span
  /** The length of the pause after each repeat, in lengths of the span. */
  pauses: number
  rate: number
  /** Where to start, s in the sound; the start of the span by default. */
  at?: number
}

export interface LoopHandlers {
  /** The position in the sound, s; null in the pause. */
  onTime: (seconds: number | null) => void
  onPlaying: (isPlaying: boolean) => void
  onFailed: () => void
}

/** A moment of silence. */
const [UNLOCKING_SAMPLES, UNLOCKING_RATE_HZ] = [800, 8000]

/** Repeats a part of a sound: one repeat, cut to the sample, is played as a file of its own by a looping element. */
export class LoopPlayer {
  private handlers: LoopHandlers | null = null
  private readonly audio = new Audio()
  private span: Span = { from: 0, to: 0 }
  private url: string | null = null
  private latest: LoopOrder | null = null
  private frame = 0

  constructor() {
    this.audio.loop = true
  }

  listen(handlers: LoopHandlers) {
    this.handlers = handlers
  }

  /** Call it in the handler of a press: Safari lets an element play later only if it has played then. */
  unlock() {
    if (this.url) return
    this.load(encodeWav(new Float32Array(UNLOCKING_SAMPLES), UNLOCKING_RATE_HZ))
    void this.audio.play().catch(() => undefined)
  }

  /** Plays this loop instead of what is playing. */
  async play(order: LoopOrder) {
    claimPlayback(this)
    this.unlock()
    this.latest = order
    try {
      const sound = await decode(order.source)
      if (this.latest !== order) return
      this.span = fitSpan(order.span, durationOf(sound))
      this.load(encodeWav(cutLoop(sound, this.span, order.pauses), sound.sampleRate))
      applyRate(this.audio, order.rate)
      if (order.at !== undefined) this.audio.currentTime = this.offsetOf(order.at)
      await this.audio.play()
      if (this.latest === order) this.follow()
    } catch {
      if (this.latest === order) this.fail()
    }
  }

  pause() {
    this.latest = null
    cancelAnimationFrame(this.frame)
    this.audio.pause()
    releasePlayback(this)
    this.handlers?.onPlaying(false)
  }

  /** Also for a loop that is still being made. */
  setRate(rate: number) {
    if (this.latest) this.latest.rate = rate
    applyRate(this.audio, rate)
  }

  /** Pauses and frees the sound. */
  close() {
    this.pause()
    if (this.url) URL.revokeObjectURL(this.url)
    this.url = null
  }

  private load(clip: Blob) {
    if (this.url) URL.revokeObjectURL(this.url)
    this.url = URL.createObjectURL(clip)
    this.audio.src = this.url
  }

  private offsetOf(seconds: number): number {
    const { from, to } = this.span
    return seconds > from && seconds < to ? seconds - from : 0
  }

  private follow() {
    this.handlers?.onPlaying(true)
    cancelAnimationFrame(this.frame)
    const tick = () => {
      this.handlers?.onTime(positionInLoop(this.audio.currentTime, this.span))
      this.frame = requestAnimationFrame(tick)
    }
    tick()
  }

  private fail() {
    this.pause()
    this.handlers?.onFailed()
  }
}
