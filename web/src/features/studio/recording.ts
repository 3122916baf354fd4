import { pausePlayback } from '@/features/audio/activeSound'
import { appendRecent, levelOf, loudnessOf, type Level, type Loudness } from './level'
import { openMicrophone, problemOf, recordingType, type MicrophoneProblem } from './microphone'
import { hintFor, isEmpty, limitFor, MAX_RECORDING_S, type RecordingHint, type RecordingSoFar } from './recordingHelp'
import { addLevel, afterCountdown, hasEnded, NO_SPEECH_YET } from './speechDetection'

export type RecordingEvent =
  | { type: 'opening' }
  | { type: 'counting'; left: number }
  | { type: 'recording' }
  | {
      type: 'level'
      level: Level
      loudness: Loudness
      elapsedS: number
      hasSpoken: boolean
      hint: RecordingHint | null
    }
  | { type: 'ended' }
  | { type: 'failed'; problem: MicrophoneProblem }

interface Options {
  /** The id of the chosen microphone; '' for the default one. */
  deviceId: string
  /** The length of the line, s. */
  lineS: number
  isAutoStop: () => boolean
  onEvent: (event: RecordingEvent) => void
  onTake: (take: Blob) => void
}

const COUNTDOWN_STEP_MS = 700
const METER_INTERVAL_MS = 50
const BITS_PER_SECOND = 128_000

/** One recording, from opening the microphone to the take; for single use. */
export class Recording {
  private stream: MediaStream | null = null
  private recorder: MediaRecorder | null = null
  private context: AudioContext | null = null
  private countdownTimer: number | undefined
  private meterTimer: number | undefined
  private startedAt: number | null = null
  private speech = NO_SPEECH_YET
  private loudest = -Infinity
  private recentLevels: Level[] = []
  private isOpen = true

  constructor(private readonly options: Options) {}

  async begin() {
    pausePlayback()
    this.options.onEvent({ type: 'opening' })
    try {
      const stream = await openMicrophone(this.options.deviceId)
      this.stream = stream
      if (!this.isOpen) return this.release()
      for (const track of stream.getTracks()) track.addEventListener('ended', () => this.fail('unplugged'))
      this.startMeter(stream)
      this.countDown(3)
    } catch (error) {
      this.fail(problemOf(error))
    }
  }

  /** Ends the countdown or the recording, whichever is running. */
  advance() {
    if (this.recorder) this.stop()
    else if (this.countdownTimer !== undefined) this.record()
  }

  /** Ends without a take. */
  cancel() {
    if (!this.isOpen) return
    this.isOpen = false
    window.clearTimeout(this.countdownTimer)
    window.clearInterval(this.meterTimer)
    if (this.recorder?.state === 'recording') this.recorder.stop()
    this.release()
    this.options.onEvent({ type: 'ended' })
  }

  private release() {
    this.stream?.getTracks().forEach((track) => track.stop())
    void this.context?.close()
    this.context = null
  }

  private fail(problem: MicrophoneProblem) {
    if (!this.isOpen) return
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
    if (!this.stream) return
    this.speech = afterCountdown(this.speech)
    this.loudest = -Infinity
    pausePlayback()
    try {
      this.recorder = this.recorderOf(this.stream)
      this.recorder.start()
    } catch {
      this.fail('failed')
    }
  }

  private recorderOf(stream: MediaStream): MediaRecorder {
    const mimeType = recordingType()
    const parts: Blob[] = []
    const recorder = new MediaRecorder(stream, { ...(mimeType && { mimeType }), audioBitsPerSecond: BITS_PER_SECOND })
    recorder.onstart = () => {
      this.startedAt = performance.now()
      this.options.onEvent({ type: 'recording' })
    }
    recorder.ondataavailable = ({ data }) => parts.push(data)
    recorder.onerror = () => this.fail('failed')
    recorder.onstop = () => {
      if (!this.isOpen) return
      this.cancel()
      this.options.onTake(new Blob(parts, { type: recorder.mimeType }))
    }
    return recorder
  }

  private stop() {
    if (this.recorder?.state === 'recording') this.recorder.stop()
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
    const isRecording = this.startedAt !== null
    this.speech = addLevel(this.speech, level.rms, performance.now())
    this.recentLevels = appendRecent(this.recentLevels, level)
    if (isRecording) this.loudest = Math.max(this.loudest, level.rms)
    const soFar = this.soFar()
    this.options.onEvent({
      type: 'level',
      level,
      loudness: loudnessOf(this.recentLevels),
      elapsedS: soFar.elapsedS,
      hasSpoken: this.speech.hasSpoken,
      hint: isRecording ? hintFor(soFar, this.options.lineS) : null,
    })
    if (isRecording) this.stopWhenDone(soFar)
  }

  private soFar(): RecordingSoFar {
    const elapsedS = this.startedAt === null ? 0 : (performance.now() - this.startedAt) / 1000
    return { elapsedS, loudest: this.loudest, speech: this.speech }
  }

  private stopWhenDone(soFar: RecordingSoFar) {
    const isAutoStop = this.options.isAutoStop()
    const isOver = soFar.elapsedS >= (isAutoStop ? limitFor(this.options.lineS) : MAX_RECORDING_S)
    if (isOver && isEmpty(soFar)) this.fail('silent')
    else if (isOver || (isAutoStop && hasEnded(this.speech))) this.stop()
  }
}
