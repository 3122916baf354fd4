import 'fake-indexeddb/auto'
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

// jsdom has no layout: no media queries, no sizes.
window.matchMedia = (media) =>
  Object.assign(new EventTarget(), { matches: false, media, onchange: null, addListener() {}, removeListener() {} })
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}

localStorage.setItem('yousync.language', 'en')
// Loaded here, since the language is read when the module is loaded.
const { configureClient } = await import('./lib/http')
configureClient()
afterEach(cleanup)
