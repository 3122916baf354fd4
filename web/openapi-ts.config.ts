import { defineConfig } from '@hey-api/openapi-ts'

export default defineConfig({
  input: '../docs/openapi.json',
  output: 'src/api',
  plugins: [
    { name: '@hey-api/client-fetch', runtimeConfigPath: './src/lib/http' },
    '@hey-api/typescript',
    '@hey-api/sdk',
    '@tanstack/react-query',
  ],
})
