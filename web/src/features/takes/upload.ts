import { completeUpload, createJob, createUpload, type UploadAccepted, type UploadOffer } from '@/api'
import { asProblem } from '@/lib/problem'

/** Without a response, nothing was reached. */
interface Answer {
  data?: UploadAccepted
  error?: unknown
  response?: Response
}

// The operator has switched it off, or the store cannot be reached from here: for the rest of the visit.
let isOnlyThroughServer = false

/**
 * Sends a recording: straight to the store where the server offers that, else through the server. The key makes one
 * attempt of it, whichever way it takes.
 */
export async function upload(tokenId: number, key: string, audio: Blob): Promise<Answer> {
  const straight = isOnlyThroughServer ? null : await sendStraight(tokenId, key, audio)
  if (straight) return straight
  const answer = await createJob({
    path: { token_id: tokenId },
    body: { audio_file: audio },
    headers: { 'Idempotency-Key': key },
  })
  isOnlyThroughServer ||= answer.data !== undefined
  return answer
}

/** Null when the recording has to go through the server. */
async function sendStraight(tokenId: number, key: string, audio: Blob): Promise<Answer | null> {
  const {
    data: offer,
    error,
    response,
  } = await createUpload({
    path: { token_id: tokenId },
    body: { size: audio.size },
    headers: { 'Idempotency-Key': key },
  })
  if (!offer) return isOff(error) ? null : { error, response }
  if (!(await reachesStore(offer, audio))) return null
  const answer = await completeUpload({
    path: { token_id: tokenId, job_id: offer.job_id },
    query: { ticket: new URL(offer.complete_url, window.location.origin).searchParams.get('ticket') ?? '' },
  })
  return isLost(answer.error) ? null : answer
}

async function reachesStore(offer: UploadOffer, audio: Blob): Promise<boolean> {
  const form = new FormData()
  Object.entries(offer.fields).forEach(([name, value]) => form.append(name, value))
  form.append('file', audio)
  return fetch(offer.url, { method: 'POST', body: form }).then(
    ({ ok }) => ok,
    () => false,
  )
}

const isOff = (error: unknown) => asProblem(error)?.code === 'direct_uploads_off'
const isLost = (error: unknown) => ['upload_missing', 'upload_not_found'].includes(asProblem(error)?.code ?? '')
