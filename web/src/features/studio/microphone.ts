export type MicrophoneProblem = 'missing' | 'refused' | 'busy' | 'insecure' | 'unsupported' | 'failed'

/**
 * Records the voice unprocessed. Echo cancellation and noise suppression remove what distinguishes /s/ from /f/, and
 * automatic gain flattens the loudness that stress and emotion are assessed by. Nothing plays while recording: no echo.
 */
export const CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
}

/** A supported MIME type: Safari records MP4 only, other browsers WebM. */
export function recordingType(): string | undefined {
  return ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4'].find((type) => MediaRecorder.isTypeSupported(type))
}

/** The reason why this browser cannot record here, or null; does not ask for permission. */
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

/** Finds the cause of a failed start. The Record plugin's error lacks the browser's error name, so this tries again. */
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
