// Signs in with JSON and uploads a recording by the library NAME: `uploads.mjs NAME URL EMAIL LINE TAKE`.
// Prints the accepted job with the access token, as JSON.
import { readFileSync } from 'node:fs'
import axios from 'axios'
import FormDataStream from 'form-data'

const [, , name, url, email, line, take] = process.argv
const path = `/api/tokens/${line}/upload-audio`
const audio = readFileSync(take)

function form(isNamed) {
  const form = new FormData()
  const blob = new Blob([audio], { type: 'audio/wav' })
  if (isNamed) form.append('audio_file', blob, 'take.wav')
  else form.append('audio_file', blob)
  return form
}

async function withFetch() {
  const json = { 'content-type': 'application/json' }
  const session = await fetch(`${url}/api/auth/dev`, { method: 'POST', body: JSON.stringify({ email }), headers: json })
  if (!session.ok) throw new Error(await session.text())
  const { access_token } = await session.json()
  const headers = { authorization: `Bearer ${access_token}` }
  const job = await fetch(url + path, { method: 'POST', body: form(true), headers })
  if (job.status !== 202) throw new Error(await job.text())
  return { ...(await job.json()), access_token }
}

async function withAxios(body, more = {}) {
  const http = axios.create({ baseURL: url })
  const { access_token } = (await http.post('/api/auth/dev', { email })).data
  const headers = { authorization: `Bearer ${access_token}`, ...more }
  const job = await http.post(path, body, { headers }).catch((error) => {
    throw error.response ? new Error(JSON.stringify(error.response.data)) : error
  })
  return { ...job.data, access_token }
}

function withBuffer() {
  const body = new FormDataStream()
  body.append('audio_file', audio)
  return withAxios(body, body.getHeaders())
}

const clients = {
  fetch: withFetch,
  axios: () => withAxios(form(true)),
  'axios-object': () => withAxios({ audio_file: audio }, { 'content-type': 'multipart/form-data' }),
  'axios-unnamed': withBuffer,
}
console.log(JSON.stringify(await clients[name]()))
