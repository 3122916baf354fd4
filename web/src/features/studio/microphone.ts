export type MicrophoneProblem = 'missing' | 'refused' | 'busy' | 'insecure' | 'unsupported' | 'failed'

/**
 * The voice as it is. Echo cancellation and noise suppression take away what tells /s/ from /f/, and automatic gain
 * flattens the loudness that stress and emotion are judged by. No sound plays while recording, so there is no echo.
 */
export const CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
}

/** Safari records MP4 only, the others WebM. */
export function recordingType(): string | undefined {
  return ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4'].find((type) => MediaRecorder.isTypeSupported(type))
}

/** Why this browser cannot record here at all, before anybody is asked for a permission. */
export function recordingSupportProblem(): MicrophoneProblem | null {
  if (!window.isSecureContext) return 'insecure'
  if (!('mediaDevices' in navigator) || typeof MediaRecorder === 'undefined') return 'unsupported'
  return null
}

const BY_NAME: Record<string, MicrophoneProblem> = {
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotReadableError: 'busy',
  AbortError: 'busy',
}

export function problemOf(error: unknown): MicrophoneProblem {
  return (error instanceof Error && BY_NAME[error.name]) || 'failed'
}

/** The Record plugin's error has lost the browser's name for it, so the browser is asked once more, without a prompt. */
export async function diagnoseMicrophone(): Promise<MicrophoneProblem> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  if (!devices.some(({ kind }) => kind === 'audioinput')) return 'missing'
  const permission = await navigator.permissions.query({ name: 'microphone' }).catch(() => null)
  if (permission && permission.state !== 'granted') return 'refused'
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: CONSTRAINTS })
    stream.getTracks().forEach((track) => track.stop())
    return 'failed'
  } catch (error) {
    return problemOf(error)
  }
}
