import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from '@/locales/en'
import ko from '@/locales/ko'

export const LANGUAGES = ['ko', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const STORAGE_KEY = 'yousync.language'

function initialLanguage(): Language {
  const stored = localStorage.getItem(STORAGE_KEY)
  if (stored === 'ko' || stored === 'en') return stored
  return navigator.language.startsWith('en') ? 'en' : 'ko'
}

export function setLanguage(language: Language) {
  localStorage.setItem(STORAGE_KEY, language)
  void i18n.changeLanguage(language)
}

i18n.on('languageChanged', (language) => {
  document.documentElement.lang = language
})

void i18n.use(initReactI18next).init({
  resources: { ko: { translation: ko }, en: { translation: en } },
  lng: initialLanguage(),
  fallbackLng: 'en',
  interpolation: { escapeValue: false },
  initAsync: false,
})

/** The translation in the page's language, or the original. */
export function localized(original: string, korean: string | null | undefined): string {
  return i18n.language === 'ko' && korean ? korean : original
}

export default i18n
