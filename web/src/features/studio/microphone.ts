export type MicrophoneProblem =
  'missing' | 'refused' | 'busy' | 'insecure' | 'unsupported' | 'failed' | 'silent' | 'unplugged'

/**
 * Records the voice unprocessed. Echo cancellation and noise suppression remove what distinguishes /s/ from /f/, and
 * automatic gain flattens the loudness that stress and emotion are assessed by. Nothing plays while recording: no echo.
 */
const CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
}

/** Opens a microphone: the chosen one, or the default one while that is not connected. Rejects as getUserMedia does. */
export function openMicrophone(deviceId: string): Promise<MediaStream> {
  const audio = deviceId ? { ...CONSTRAINTS, deviceId: { ideal: deviceId } } : CONSTRAINTS
  return navigator.mediaDevices.getUserMedia({ audio })
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
