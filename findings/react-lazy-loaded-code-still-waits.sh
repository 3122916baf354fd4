#!/usr/bin/env bash
# Most expect: a component of `React.lazy` whose code was imported beforehand appears at once, so that preloading it
# hides its loading time.
# What happens: it suspends all the same when it is first shown, because its promise is read a microtask later. Its
# Suspense boundary commits the fallback, and React then keeps any fallback for 300 ms, so the component appears a third
# of a second late, although nothing is loaded. Rendered directly from the same module it is there in the same commit.
# Versions: react and react-dom 19.3.1, jsdom 26.1.0, Node 20 or later.
# Why it matters: what a user waits for (scores, a dialog, a tab) comes 0.3 s later than it could, and profiles show an
# idle main thread meanwhile.
# Source: https://github.com/react/react/issues/36569 (open); the reference of Suspense was asked to name the constant,
# FALLBACK_THROTTLE_MS, in https://github.com/reactjs/react.dev/issues/8490.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type": "module"}' > package.json
npm install --silent --no-audit --no-fund react@19.3.1 react-dom@19.3.1 jsdom@26.1.0
echo "import { createElement } from 'react'; export default () => createElement('h2', null, 'scores')" > scores.js
cat > show.js <<'JAVASCRIPT'
import { JSDOM } from 'jsdom'

const { window } = new JSDOM('<div id="root"></div>', { pretendToBeVisual: true })
Object.assign(globalThis, { window, document: window.document })
globalThis.navigator ??= window.navigator
const { createElement, lazy, Suspense, useState, version } = await import('react')
const { createRoot } = await import('react-dom/client')
const Scores = (await import('./scores.js')).default
console.log(`react ${version}, node ${process.version}`)

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Milliseconds from a state change until the heading is in the document, and what was there first. */
async function measure(Component) {
  let show
  function App() {
    const [isShown, setShown] = useState(false)
    show = () => setShown(true)
    return createElement(Suspense, { fallback: 'loading' }, isShown && createElement(Component))
  }
  const container = document.createElement('div')
  const root = createRoot(container)
  root.render(createElement(App))
  await wait(600)
  const began = performance.now()
  show()
  let first = ''
  while (!container.querySelector('h2')) {
    await wait(1)
    first ||= container.textContent
    if (performance.now() - began > 5000) throw new Error('nothing appears')
  }
  const ms = performance.now() - began
  root.unmount()
  return { ms, first }
}

await measure(Scores) // compiles everything once
const direct = await measure(Scores)
const late = await measure(lazy(() => import('./scores.js')))
console.log(`the component itself: first "${direct.first}", there after ${direct.ms.toFixed(0)} ms`)
console.log(`lazy, its code loaded before: first "${late.first}", there after ${late.ms.toFixed(0)} ms`)
if (late.first !== 'loading' || late.ms < 250 || direct.ms > 150) {
  console.log('changed: loaded code appears without the wait')
  process.exit(1)
}
console.log('holds: a lazy component whose code is loaded appears only after the fallback has been shown for 300 ms')
JAVASCRIPT
node show.js
