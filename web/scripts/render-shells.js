// Prints the start page as HTML, by language, as JSON: `renderShells` of src/shell.tsx in Node.js.
import { createServer } from 'vite'

// What the modules of the page ask a browser for when they are loaded.
const nothing = () => undefined
Object.assign(globalThis, {
  window: {
    matchMedia: () => ({ matches: false, addEventListener: nothing }),
    addEventListener: nothing,
    setTimeout,
    clearTimeout,
    location: { origin: 'http://localhost' },
  },
  document: { documentElement: { classList: { toggle: nothing } }, addEventListener: nothing },
})
Object.defineProperty(globalThis, 'localStorage', { value: { getItem: () => null } })

const web = new URL('..', import.meta.url).pathname
const server = await createServer({
  configFile: false,
  logLevel: 'error',
  root: web,
  resolve: { alias: { '@': `${web}src` } },
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
})
const { renderShells } = await server.ssrLoadModule('/src/shell.tsx')
const shells = JSON.stringify(await renderShells())
await server.close()
// The cache of queries would keep the process alive for minutes.
process.stdout.write(shells, () => process.exit())
