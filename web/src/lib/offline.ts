import { whenIdle } from './idle'

const TAB = 'yousync.tab'

/**
 * Starts the service worker, which keeps the page for visits without a network, after the first page is shown. A newer
 * one takes over when the last tab is left: it never reloads a page in which somebody records, nor removes files that
 * another tab may still load.
 */
export function keepForOffline() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  whenIdle(() => void register().catch(() => undefined)) // the next visit retries
}

async function register() {
  const registration = await navigator.serviceWorker.register('/sw.js')
  if (!('locks' in navigator)) return // the newer one then waits until all tabs are closed
  // Each tab holds the lock as long as it lives.
  void navigator.locks.request(TAB, { mode: 'shared' }, () => new Promise(() => undefined))
  let isAlone = false
  const countTabs = async () => {
    const { held } = await navigator.locks.query()
    isAlone = held?.filter(({ name }) => name === TAB).length === 1
  }
  void countTabs()
  // Opening or leaving another tab changes the visibility of this one; when it is left itself, there is no time to ask.
  document.addEventListener('visibilitychange', () => void countTabs())
  window.addEventListener('pagehide', () => {
    if (isAlone) registration.waiting?.postMessage({ type: 'SKIP_WAITING' })
  })
}
