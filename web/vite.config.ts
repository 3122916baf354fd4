import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { keepPublicAnswers } from './keptPages.ts'
import { prerenderedShell } from './shellPlugin.ts'

/** Files of the page that the service worker keeps from the first visit on. */
const OFFLINE = 'index,shared,common,audio,latin,hangul,Scene,Studio,Result'

/** One chunk a page, and these for what several pages share: each further file costs a phone a round trip. */
const CHUNKS = [
  {
    name: 'charts',
    test: /node_modules[\\/](recharts|victory|d3-|@reduxjs|immer|reselect|decimal|es-toolkit)/,
    priority: 3,
  },
  { name: 'audio', test: /node_modules[\\/]wavesurfer|src[\\/]features[\\/]audio[\\/]/, priority: 2 },
  // What the first page shares with others, then what only others share.
  { name: 'shared', minShareCount: 2, tags: ['$initial' as const], priority: 1 },
  { name: 'common', minShareCount: 2 },
]

const api = process.env.YOUSYNC_API ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    prerenderedShell(),
    VitePWA({
      injectRegister: false,
      manifest: {
        name: 'YouSync',
        short_name: 'YouSync',
        description: 'Learn by dubbing lines from films and dramas.',
        start_url: '/',
        display: 'standalone',
        background_color: '#14131a',
        theme_color: '#14131a',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      includeManifestIcons: false,
      workbox: {
        clientsClaim: true, // without this the first visit would fill none of the caches below
        inlineWorkboxRuntime: true,
        // All that reading and recording without a network needs; other pages are kept when they are opened.
        globPatterns: ['index.html', 'theme.js', 'icon.svg', `assets/{${OFFLINE}}-*.{js,css,woff2}`],
        navigateFallbackDenylist: [/^\/(api|docs|health|metrics|openapi\.json|swagger)/],
        runtimeCaching: [
          {
            // Their names change with their content.
            urlPattern: ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/assets/'),
            handler: 'CacheFirst',
            options: { cacheName: 'assets', expiration: { maxEntries: 150, purgeOnQuotaError: true } },
          },
          {
            // Public scenes and lines that were opened, to read without a network; src/lib/session.ts deletes them at sign-out.
            urlPattern: ({ url, sameOrigin }) => sameOrigin && /^\/api\/(scripts|tokens)(\/\d+)?$/.test(url.pathname),
            handler: 'NetworkFirst',
            options: {
              cacheName: 'pages',
              expiration: { maxEntries: 200, maxAgeSeconds: 30 * 24 * 60 * 60, purgeOnQuotaError: true },
              plugins: [keepPublicAnswers],
              // Without a network, there is no access token to send either.
              matchOptions: { ignoreVary: true },
            },
          },
        ],
      },
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { port: 3000, proxy: { '/api': api, '/docs': api, '/openapi.json': api, '/swagger': api } },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS, includeDependenciesRecursively: false } } },
  },
  // A test that hangs ends; none measures time, and on a busy machine some need more than the usual 5 s.
  test: { environment: 'jsdom', setupFiles: ['src/test-setup.ts'], restoreMocks: true, testTimeout: 30_000 },
})
