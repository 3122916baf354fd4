/**
 * Whether requests reach the server, told by the requests themselves. `navigator.onLine` says only that there is some
 * network: it stays true behind a router without internet, and in Chromium also after a reload without network.
 */
const FIRST_DELAY_MS = 1_000
const MAX_DELAY_MS = 30_000
const PROBE = '/health/live'

let isLost = false
let probes = 0
let timer: number | undefined
const listeners = new Set<() => void>()

export function isOffline(): boolean {
  return isLost || !navigator.onLine
}

/** Sends a request to the server, and notes whether it got an answer. Throws what `fetch` throws. */
export async function reach(request: RequestInfo, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(request, init)
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) lose()
    throw error
  }
}

/** Calls the listener when the server answers again. Returns a function that ends this. */
export function onReconnect(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Tries at once when the browser tells of a network, or the learner comes back to the page. Returns a stop function. */
export function watchConnection(): () => void {
  const tryNow = () => {
    if (isLost && document.visibilityState === 'visible') void probe()
  }
  window.addEventListener('online', tryNow)
  document.addEventListener('visibilitychange', tryNow)
  return () => {
    window.removeEventListener('online', tryNow)
    document.removeEventListener('visibilitychange', tryNow)
  }
}

function lose() {
  if (isLost) return
  isLost = true
  probes = 0
  schedule()
}

function schedule() {
  window.clearTimeout(timer)
  timer = window.setTimeout(() => void probe(), Math.min(FIRST_DELAY_MS * 2 ** probes, MAX_DELAY_MS))
  probes += 1
}

async function probe() {
  window.clearTimeout(timer)
  // Any answer will do: a server that is not ready explains itself.
  const isAnswered = await fetch(PROBE, { cache: 'no-store' }).then(
    () => true,
    () => false,
  )
  if (!isLost) return
  if (!isAnswered) return schedule()
  isLost = false
  listeners.forEach((listener) => listener())
}
