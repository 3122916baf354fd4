import i18n from './i18n'

type Frugal = Navigator & { connection?: { saveData?: boolean } }

/** Has the service worker keep the glyphs of all the page's words, since a word may first be shown without network. */
export async function keepFonts() {
  if (!('serviceWorker' in navigator) || (navigator as Frugal).connection?.saveData) return
  await workerInControl()
  keepWhenIdle()
  i18n.on('languageChanged', keepWhenIdle)
}

async function workerInControl() {
  const { serviceWorker } = navigator
  if (serviceWorker.controller) return
  await new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
}

function keepWhenIdle() {
  const task = () => void keepWords().catch(() => undefined) // the next visit tries again
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in window) requestIdleCallback(task)
  else setTimeout(task, 1000)
}

async function keepWords() {
  const words = JSON.stringify(i18n.getResourceBundle(i18n.language, 'translation'))
  await document.fonts.load('1em "Pretendard Variable"', words)
  await Promise.all(loadedWithoutWorker().map((url) => fetch(url)))
}

function loadedWithoutWorker(): string[] {
  const requests = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  return requests.filter(({ name, workerStart }) => name.endsWith('.woff2') && !workerStart).map(({ name }) => name)
}
