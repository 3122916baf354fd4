import {
  completeUpload,
  createJob,
  createUpload,
  type RecordedWords,
  type UploadAccepted,
  type UploadOffer,
  type UploadPart,
} from '@/api'
import { isOffline } from '@/lib/connection'
import { asProblem } from '@/lib/problem'

/** No `response` means that no server was reached. */
interface UploadResult {
  data?: UploadAccepted
  error?: unknown
  response?: Response
}

interface Recorded {
  tokenId: number
  key: string
  audio: Blob
  /** The only words of the line that were recorded; null: the whole line. */
  words: RecordedWords | null
}

const queryOf = ({ words }: Recorded) => (words ? { words: `${words.first}-${words.last}` } : {})

// Larger recordings are sent in parts, so that a failure repeats only one part.
const MULTIPART_BYTES = 8 * 1024 * 1024
const PART_ATTEMPTS = 3

// Switched off by the operator, or the store is unreachable from here; remembered for the rest of the visit.
let isDirectUploadUnavailable = false

/**
 * Sends a recording: direct to the store where the server offers that, else through the server. The key makes one
 * attempt of it, whichever way it takes.
 */
export async function upload(take: Recorded): Promise<UploadResult> {
  const direct = isDirectUploadUnavailable ? null : await uploadDirectly(take)
  if (direct) return direct
  const answer = await createJob({
    path: { token_id: take.tokenId },
    query: queryOf(take),
    body: { audio_file: take.audio },
    headers: { 'Idempotency-Key': take.key },
  })
  isDirectUploadUnavailable ||= answer.data !== undefined
  return answer
}

/** Null if the recording has to go through the server. */
async function uploadDirectly(take: Recorded): Promise<UploadResult | null> {
  const { tokenId, key, audio } = take
  const {
    data: offer,
    error,
    response,
  } = await createUpload({
    path: { token_id: tokenId },
    query: queryOf(take),
    body: { size: audio.size, in_parts: audio.size > MULTIPART_BYTES },
    headers: { 'Idempotency-Key': key },
  })
  if (!offer) return isDirectUploadOff(error) ? null : { error, response }
  const etags = await sendToStore(offer, audio)
  if (!etags) return null
  const answer = await completeUpload({
    path: { token_id: tokenId, job_id: offer.job_id },
    body: { etags },
    query: { ticket: new URL(offer.complete_url, window.location.origin).searchParams.get('ticket') ?? '' },
  })
  return isUploadMissing(answer.error) ? null : answer
}

/** The ETags of the parts, none for a form upload; null if the store is unreachable. */
async function sendToStore({ url, fields, parts }: UploadOffer, audio: Blob): Promise<string[] | null> {
  if (url === null) return sendParts(parts, audio)
  const form = new FormData()
  Object.entries(fields).forEach(([name, value]) => form.append(name, value))
  form.append('file', audio)
  const answer = await fetch(url, { method: 'POST', body: form }).catch(() => null)
  return answer?.ok ? [] : null
}

/** Sends the parts in order and retries each separately. Returns their ETags, or null. */
async function sendParts(parts: UploadPart[], audio: Blob): Promise<string[] | null> {
  const etags: string[] = []
  let start = 0
  for (const { url, size } of parts) {
    const etag = await sendPart(url, audio.slice(start, start + size))
    if (!etag) return null
    etags.push(etag)
    start += size
  }
  return etags
}

async function sendPart(url: string, part: Blob, attemptsLeft = PART_ATTEMPTS): Promise<string | null> {
  const answer = await fetch(url, { method: 'PUT', body: part }).catch(() => null)
  if (answer?.ok) return answer.headers.get('ETag')
  return attemptsLeft > 1 && !isOffline() ? sendPart(url, part, attemptsLeft - 1) : null
}

const isDirectUploadOff = (error: unknown) => asProblem(error)?.code === 'direct_uploads_off'
const isUploadMissing = (error: unknown) =>
  ['upload_missing', 'upload_not_found'].includes(asProblem(error)?.code ?? '')
