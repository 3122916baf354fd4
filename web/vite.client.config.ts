import { defineConfig } from 'vite'

/** Builds the published client (src/client); `tsc -p tsconfig.client.json` writes its declarations. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'dist-client',
    lib: { entry: 'src/client/index.ts', formats: ['es'], fileName: 'client/index' },
    minify: false,
  },
})
