import WaveSurfer from 'wavesurfer.js'
import RecordPlugin from 'wavesurfer.js/plugins/record'
import { pausePlayback } from '@/features/audio/activeSound'
import { levelOf, loudnessOf, appendRecent, type Level, type Loudness } from './level'
import { CONSTRAINTS, diagnoseMicrophone, recordingType, type MicrophoneProblem } from './microphone'
import { afterCountdown, addLevel, hasEnded, NO_SPEECH_YET } from './speechDetection'

export type RecordingEvent =
  | { type: 'opening' }
  | { type: 'counting'; left: number }
  | { type: 'recording' }
  | { type: 'level'; level: Level; loudness: Loudness; elapsedS: number; hasSpoken: boolean }
  | { type: 'ended' }
  | { type: 'failed'; problem: MicrophoneProblem }

interface Options {
  box: HTMLElement
  isAutoStop: () => boolean
  onEvent: (event: RecordingEvent) => void
  onTake: (take: Blob) => void
}

const COUNTDOWN_STEP_MS = 700
const METER_INTERVAL_MS = 50
/** The API accepts 120 s; containers may round their duration up. */
const MAX_RECORDING_S = 119

/** One recording, from opening the microphone to the take; for single use. */
export class Recording {
  private readonly wavesurfer: WaveSurfer
  private readonly plugin: RecordPlugin
  private context: AudioContext | null = null
  private countdownTimer: number | undefined
  private meterTimer: number | undefined
  private speech = NO_SPEECH_YET
  private recentLevels: Level[] = []
  private isOpen = true

  constructor(private readonly options: Options) {
    const colour = getComputedStyle(document.documentElement)
    this.plugin = RecordPlugin.create({
      mimeType: recordingType(),
      scrollingWaveform: true,
      renderRecordedAudio: false,
    })
    this.wavesurfer = WaveSurfer.create({
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
    pausePlayback()
    this.options.onEvent({ type: 'opening' })
    try {
      const stream = await this.plugin.startMic(CONSTRAINTS)
      if (!this.isOpen) return
      this.startMeter(stream)
      this.countDown(3)
    } catch {
      if (!this.isOpen) return
      const problem = await diagnoseMicrophone().catch(() => 'failed' as const)
      if (this.isOpen) this.fail(problem)
    }
  }

  /** Ends the countdown or the recording, whichever is running. */
  advance() {
    if (this.plugin.isRecording()) this.plugin.stopRecording()
    else if (this.countdownTimer !== undefined) this.record()
  }

  /** Ends without a take. */
  cancel() {
    if (!this.isOpen) return
    this.isOpen = false
    window.clearTimeout(this.countdownTimer)
    window.clearInterval(this.meterTimer)
    void this.context?.close()
    this.options.onEvent({ type: 'ended' })
    // The plugin may still be in its own event handler.
    queueMicrotask(() => this.wavesurfer.destroy())
  }

  private fail(problem: MicrophoneProblem) {
    this.cancel()
    this.options.onEvent({ type: 'failed', problem })
  }

  private countDown(left: number) {
    if (left === 0) return this.record()
    this.options.onEvent({ type: 'counting', left })
    this.countdownTimer = window.setTimeout(() => this.countDown(left - 1), COUNTDOWN_STEP_MS)
  }

  private record() {
    window.clearTimeout(this.countdownTimer)
    this.countdownTimer = undefined
    this.speech = afterCountdown(this.speech)
    pausePlayback()
    this.plugin.startRecording(CONSTRAINTS).then(
      () => this.options.onEvent({ type: 'recording' }),
      () => this.fail('failed'),
    )
  }

  private startMeter(stream: MediaStream) {
    this.context = new AudioContext()
    void this.context.resume() // Safari starts suspended without a user gesture
    const analyser = this.context.createAnalyser()
    analyser.fftSize = 2048
    this.context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    this.meterTimer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      this.handleLevel(levelOf(samples))
    }, METER_INTERVAL_MS)
  }

  private handleLevel(level: Level) {
    this.speech = addLevel(this.speech, level.rms, performance.now())
    this.recentLevels = appendRecent(this.recentLevels, level)
    const elapsedS = this.plugin.isRecording() ? this.plugin.getDuration() / 1000 : 0
    const { hasSpoken } = this.speech
    this.options.onEvent({ type: 'level', level, loudness: loudnessOf(this.recentLevels), elapsedS, hasSpoken })
    if (!this.plugin.isRecording()) return
    if (elapsedS >= MAX_RECORDING_S || (this.options.isAutoStop() && hasEnded(this.speech))) this.plugin.stopRecording()
  }
}
