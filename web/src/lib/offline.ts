import { whenIdle } from './idle'

/** Starts the service worker, which keeps the page for visits without a network, after the first page is shown. */
export function keepForOffline() {
  whenIdle(() => {
    void import('virtual:pwa-register').then(({ registerSW }) => registerSW({ immediate: true })).catch(() => undefined) // the next visit retries
  })
}
