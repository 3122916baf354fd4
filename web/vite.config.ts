import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { keepPublicAnswers } from './keptPages.ts'

const api = process.env.YOUSYNC_API ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    VitePWA({
      registerType: 'autoUpdate',
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
      workbox: {
        clientsClaim: true, // without this the first visit would fill none of the caches below
        globPatterns: ['**/*.{js,css,html,svg}'],
        navigateFallbackDenylist: [/^\/(api|docs|health|metrics|openapi\.json|swagger)/],
        runtimeCaching: [
          {
            urlPattern: ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith('.woff2'),
            handler: 'CacheFirst',
            options: { cacheName: 'fonts', expiration: { maxEntries: 100 } },
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
  build: { target: 'es2022', chunkSizeWarningLimit: 700 },
  test: { environment: 'jsdom', setupFiles: ['src/test-setup.ts'], restoreMocks: true },
})
