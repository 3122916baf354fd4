import i18n from './i18n'

type NavigatorWithConnection = Navigator & { connection?: { saveData?: boolean } }

/** Makes the service worker cache the glyphs of all texts, since a text may first be shown while offline. */
export async function cacheFonts() {
  if (!('serviceWorker' in navigator) || (navigator as NavigatorWithConnection).connection?.saveData) return
  await workerControl()
  cacheWhenIdle()
  i18n.on('languageChanged', cacheWhenIdle)
}

async function workerControl() {
  const { serviceWorker } = navigator
  if (serviceWorker.controller) return
  await new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
}

function cacheWhenIdle() {
  const task = () => void cacheTexts().catch(() => undefined) // the next visit retries
  // Safari lacks requestIdleCallback.
  if ('requestIdleCallback' in window) requestIdleCallback(task)
  else setTimeout(task, 1000)
}

async function cacheTexts() {
  const texts = JSON.stringify(i18n.getResourceBundle(i18n.language, 'translation'))
  await document.fonts.load('1em "Pretendard Variable"', texts)
  await Promise.all(loadedWithoutWorker().map((url) => fetch(url)))
}

function loadedWithoutWorker(): string[] {
  const requests = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  return requests.filter(({ name, workerStart }) => name.endsWith('.woff2') && !workerStart).map(({ name }) => name)
}
