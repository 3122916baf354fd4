import { whenIdle } from './idle'

/**
 * Starts the service worker, which keeps the page for visits without a network, after the first page is shown. A newer
 * one takes over when the page is left: it never reloads a page in which somebody records.
 */
export function keepForOffline() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  whenIdle(() => void register().catch(() => undefined)) // the next visit retries
}

async function register() {
  const registration = await navigator.serviceWorker.register('/sw.js')
  window.addEventListener('pagehide', () => registration.waiting?.postMessage({ type: 'SKIP_WAITING' }))
}
