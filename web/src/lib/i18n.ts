import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import {
  DEFAULT_LANGUAGE,
  isLanguage,
  LANGUAGE_CODES,
  LANGUAGES,
  REFERENCE_LANGUAGE,
  type Language,
} from '@/locales/languages'

const STORAGE_KEY = 'yousync.language'

/** The language stored on this device, else the browser's, else the default. */
export function initialLanguage(): Language {
  const stored = localStorage.getItem(STORAGE_KEY)
  if (isLanguage(stored)) return stored
  return LANGUAGE_CODES.find((language) => navigator.language.startsWith(language)) ?? DEFAULT_LANGUAGE
}

export function setLanguage(language: Language) {
  localStorage.setItem(STORAGE_KEY, language)
  void i18n.changeLanguage(language)
}

i18n.on('languageChanged', (language) => {
  document.documentElement.lang = language
})

void i18n.use(initReactI18next).init({
  resources: Object.fromEntries(LANGUAGE_CODES.map((code) => [code, { translation: LANGUAGES[code].texts }])),
  lng: initialLanguage(),
  fallbackLng: REFERENCE_LANGUAGE,
  interpolation: { escapeValue: false },
  initAsync: false,
})

/** Adds the texts of a part of the page that few visitors open: by language, under `name`. Loaded with that part. */
export function addTexts(name: string, texts: Record<Language, object>) {
  LANGUAGE_CODES.forEach((code) => i18n.addResourceBundle(code, 'translation', { [name]: texts[code] }, true, true))
}

/** The text in the page's language, else in the reference language, else in any. */
export function inPageLanguage(texts: Partial<Record<Language, string>>): string | undefined {
  const preferred = isLanguage(i18n.language) ? texts[i18n.language] : undefined
  return preferred ?? texts[REFERENCE_LANGUAGE] ?? Object.values(texts)[0]
}

/** What the API has in other languages, by language. Responses cached before it had this field have none. */
interface Translated<Texts> {
  translations?: Partial<Record<string, Texts>>
}

/** A text of a scene in the page's language, or the original where it is not translated. */
export function localized<Field extends string>(
  scene: Partial<Record<Field, string | null>> & Translated<Partial<Record<Field, string | null>>>,
  field: Field,
): string {
  return scene.translations?.[i18n.language]?.[field] ?? scene[field] ?? ''
}

/** The translation of a line into the page's language, else into the default language, if there is one. */
export function translationOf(line: Translated<string>): { language: string; text: string } | undefined {
  for (const language of [i18n.language, DEFAULT_LANGUAGE]) {
    const text = line.translations?.[language]
    if (text) return { language, text }
  }
  return undefined
}

export default i18n
