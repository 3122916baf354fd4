const PATIENCE_MS = 1_000

/** Runs a task once the page is loaded and the browser has nothing else to do. Returns a function that cancels it. */
export function whenIdle(task: () => void): () => void {
  let cancel = () => window.removeEventListener('load', wait)
  function wait() {
    // Safari lacks requestIdleCallback.
    if ('requestIdleCallback' in window) {
      const id = requestIdleCallback(task, { timeout: PATIENCE_MS })
      cancel = () => cancelIdleCallback(id)
    } else {
      const id = setTimeout(task, PATIENCE_MS / 5)
      cancel = () => clearTimeout(id)
    }
  }
  if (document.readyState === 'complete') wait()
  else window.addEventListener('load', wait, { once: true })
  return () => cancel()
}
