import type { ScriptDraft } from '@/api'
import i18n from '@/lib/i18n'
import { currentToken, refreshSession } from '@/lib/session'

/** Sends an import, telling which share of it is sent, 0 to 1: `fetch` does not tell that. Throws the problem. */
export async function sendImport(form: FormData, onProgress: (share: number) => void): Promise<ScriptDraft> {
  const first = await send(form, onProgress)
  const answer = first.status === 401 && (await refreshSession()) ? await send(form, onProgress) : first
  if (answer.status !== 201) throw answer.body
  return answer.body as ScriptDraft
}

async function send(form: FormData, onProgress: (share: number) => void): Promise<{ status: number; body: unknown }> {
  const token = await currentToken()
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/scripts/import')
    request.responseType = 'json'
    request.setRequestHeader('Accept-Language', i18n.language)
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => resolve({ status: request.status, body: request.response as unknown })
    request.onerror = () => reject(new TypeError('the server is unreachable'))
    request.send(form)
  })
}
