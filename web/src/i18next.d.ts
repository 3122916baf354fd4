import type en from './locales/en'
import type curator from './locales/en/curator.json'
import type requests from './locales/en/requests.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    // The last two are loaded with their pages.
    resources: { translation: typeof en & { curator: typeof curator; requests: typeof requests } }
  }
}
