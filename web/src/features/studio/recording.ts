import WaveSurfer from 'wavesurfer.js'
import RecordPlugin from 'wavesurfer.js/plugins/record'
import { silence } from '@/features/audio/Waveform'
import { levelOf, loudnessOf, withRecent, type Level, type Loudness } from './level'
import { CONSTRAINTS, diagnose, recordingType, type MicrophoneProblem } from './microphone'
import { afterCountdown, hear, isOver, NOTHING_HEARD } from './silence'

export type RecordingEvent =
  | { type: 'opening' }
  | { type: 'counting'; left: number }
  | { type: 'recording' }
  | { type: 'level'; level: Level; loudness: Loudness; elapsedS: number; hasSpoken: boolean }
  | { type: 'ended' }
  | { type: 'failed'; problem: MicrophoneProblem }

interface Options {
  box: HTMLElement
  stopsItself: () => boolean
  tell: (event: RecordingEvent) => void
  onTake: (take: Blob) => void
}

const COUNT_MS = 700
const SAMPLE_MS = 50
/** The API takes 120 s; a container may round its own length up. */
const LONGEST_S = 119

/** One recording from the opening of the microphone to the take. It is used once. */
export class Recording {
  private readonly waves: WaveSurfer
  private readonly plugin: RecordPlugin
  private context: AudioContext | null = null
  private counting: number | undefined
  private sampling: number | undefined
  private hearing = NOTHING_HEARD
  private recent: Level[] = []
  private isOpen = true

  constructor(private readonly options: Options) {
    const colour = getComputedStyle(document.documentElement)
    this.plugin = RecordPlugin.create({
      mimeType: recordingType(),
      scrollingWaveform: true,
      renderRecordedAudio: false,
    })
    this.waves = WaveSurfer.create({
      container: options.box,
      height: 64,
      waveColor: colour.getPropertyValue('--mine'),
      barWidth: 3,
      barGap: 2,
      barRadius: 3,
      plugins: [this.plugin],
    })
    this.plugin.on('record-end', (take) => {
      const isWanted = this.isOpen
      this.cancel()
      if (isWanted) options.onTake(take)
    })
  }

  async begin() {
    silence()
    this.options.tell({ type: 'opening' })
    try {
      const stream = await this.plugin.startMic(CONSTRAINTS)
      if (!this.isOpen) return
      this.measure(stream)
      this.count(3)
    } catch {
      if (!this.isOpen) return
      const problem = await diagnose().catch(() => 'failed' as const)
      if (this.isOpen) this.fail(problem)
    }
  }

  /** Ends the countdown or the recording, whichever runs. */
  advance() {
    if (this.plugin.isRecording()) this.plugin.stopRecording()
    else if (this.counting !== undefined) this.record()
  }

  /** Ends without a take. */
  cancel() {
    if (!this.isOpen) return
    this.isOpen = false
    window.clearTimeout(this.counting)
    window.clearInterval(this.sampling)
    void this.context?.close()
    this.options.tell({ type: 'ended' })
    // The plugin is still handling its own event when a take ends by itself.
    queueMicrotask(() => this.waves.destroy())
  }

  private fail(problem: MicrophoneProblem) {
    this.cancel()
    this.options.tell({ type: 'failed', problem })
  }

  private count(left: number) {
    if (left === 0) return this.record()
    this.options.tell({ type: 'counting', left })
    this.counting = window.setTimeout(() => this.count(left - 1), COUNT_MS)
  }

  private record() {
    window.clearTimeout(this.counting)
    this.counting = undefined
    this.hearing = afterCountdown(this.hearing)
    silence()
    this.plugin.startRecording(CONSTRAINTS).then(
      () => this.options.tell({ type: 'recording' }),
      () => this.fail('failed'),
    )
  }

  private measure(stream: MediaStream) {
    this.context = new AudioContext()
    void this.context.resume() // Safari begins suspended when no press led here
    const analyser = this.context.createAnalyser()
    analyser.fftSize = 2048
    this.context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    this.sampling = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      this.take(levelOf(samples))
    }, SAMPLE_MS)
  }

  private take(level: Level) {
    this.hearing = hear(this.hearing, level.rms, performance.now())
    this.recent = withRecent(this.recent, level)
    const elapsedS = this.plugin.isRecording() ? this.plugin.getDuration() / 1000 : 0
    const { hasSpoken } = this.hearing
    this.options.tell({ type: 'level', level, loudness: loudnessOf(this.recent), elapsedS, hasSpoken })
    if (!this.plugin.isRecording()) return
    if (elapsedS >= LONGEST_S || (this.options.stopsItself() && isOver(this.hearing))) this.plugin.stopRecording()
  }
}
