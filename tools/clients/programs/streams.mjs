// Follows a job by the library NAME until it ends, over lost connections: `streams.mjs NAME URL TOKEN PATH`.
// Prints each event as a line of JSON with `id`, `status` and `progress`. PATH is the address of the stream.
import { fetchEventSource } from '@microsoft/fetch-event-source'
import { EventSource } from 'eventsource'
import { EventSourceParserStream } from 'eventsource-parser/stream'

const [, , name, url, token, path] = process.argv
const address = url + path.split('?')[0]
const authorization = `Bearer ${token}`
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Prints an event; returns whether it is the last one. */
function show(id, data) {
  const { status, progress } = typeof data === 'string' ? JSON.parse(data) : data
  console.log(JSON.stringify({ id, status, progress }))
  return status !== 'processing'
}

/** As a page does it: with the ticket, which expires before the second connection, and the session cookie. */
function withEventSource() {
  return new Promise((resolve, reject) => {
    const cookie = `yousync_session=${token}`
    const withCookie = (input, init) => fetch(input, { ...init, headers: { ...init.headers, cookie } })
    const source = new EventSource(url + path, { fetch: withCookie })
    source.onmessage = ({ lastEventId, data }) => {
      if (show(lastEventId, data)) resolve(source.close())
    }
    source.onerror = ({ code }) => {
      if (source.readyState === EventSource.CLOSED) reject(new Error(`the stream was refused with status ${code}`))
    }
  })
}

async function withFetchEventSource() {
  // The library is written for browsers.
  globalThis.window = globalThis
  globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} }
  const ended = new AbortController()
  await fetchEventSource(address, {
    headers: { authorization },
    openWhenHidden: true,
    signal: ended.signal,
    onmessage: ({ id, data }) => {
      if (data && show(id, data)) ended.abort()
    },
    onclose: () => {
      throw new Error('the server ended the stream before the job') // so the library connects again
    },
  })
}

async function withParser() {
  for (let lastId = ''; ; await pause(1000)) {
    try {
      const answer = await fetch(address, { headers: { authorization, 'last-event-id': lastId } })
      if (!answer.ok) throw new Error(`the stream was refused with status ${answer.status}`)
      const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
      for await (const { id, data } of events) {
        lastId = id ?? lastId
        if (show(id, data)) return
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error // a TypeError of fetch is a lost connection
    }
  }
}

/** The package of the page's client, and in it the reader that hey-api generates. */
async function withGenerated() {
  const { bearer, createClient, createConfig, streamProgress } = await import(process.env.YOUSYNC_CLIENT)
  const client = createClient(createConfig({ baseUrl: url, auth: bearer(() => token) }))
  let id
  const onSseEvent = (event) => (id = event.id)
  const { stream } = await streamProgress({ client, path: { job_id: address.split('/').at(-1) }, onSseEvent })
  for await (const state of stream) if (show(id, state)) return
}

async function withFollowProgress() {
  const { bearer, createClient, createConfig, followProgress } = await import(process.env.YOUSYNC_CLIENT)
  const client = createClient(createConfig({ baseUrl: url, auth: bearer(() => token) }))
  for await (const state of followProgress(address.split('/').at(-1), { client })) show(undefined, state)
}

const clients = {
  eventsource: withEventSource,
  '@microsoft/fetch-event-source': withFetchEventSource,
  'eventsource-parser': withParser,
  'hey-api': withGenerated,
  followProgress: withFollowProgress,
}
await clients[name]()
process.exit(0)
