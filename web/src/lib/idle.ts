/** Runs a task once the page is loaded and the browser has nothing else to do. */
export function whenIdle(task: () => void) {
  // Safari lacks requestIdleCallback.
  const wait = () => ('requestIdleCallback' in window ? requestIdleCallback(task) : setTimeout(task, 1000))
  if (document.readyState === 'complete') wait()
  else window.addEventListener('load', wait, { once: true })
}
