import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from '@/locales/en'
import ko from '@/locales/ko'

export const LANGUAGES = ['ko', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const KEPT = 'yousync.language'

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'ko' || kept === 'en') return kept
  return navigator.language.startsWith('en') ? 'en' : 'ko'
}

export function setLanguage(language: Language) {
  localStorage.setItem(KEPT, language)
  void i18n.changeLanguage(language)
}

i18n.on('languageChanged', (language) => {
  document.documentElement.lang = language
})

void i18n.use(initReactI18next).init({
  resources: { ko: { translation: ko }, en: { translation: en } },
  lng: firstLanguage(),
  fallbackLng: 'en',
  interpolation: { escapeValue: false },
  initAsync: false,
})

/** The translation in the page's language, or the original. */
export function localized(original: string, korean: string | null | undefined): string {
  return i18n.language === 'ko' && korean ? korean : original
}

export default i18n
