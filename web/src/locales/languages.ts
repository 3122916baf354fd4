import en from './en'
import ko from './ko'

/**
 * The languages of the page, the default first. Each has a folder beside this file; `label` is what its button shows.
 * A new language is a folder and an entry here, and a file in core/texts for the texts of the server.
 */
export const LANGUAGES = {
  ko: { name: '한국어', label: '한', texts: ko },
  en: { name: 'English', label: 'EN', texts: en },
} as const

export type Language = keyof typeof LANGUAGES
export const LANGUAGE_CODES = Object.keys(LANGUAGES) as [Language, ...Language[]]
export const DEFAULT_LANGUAGE = LANGUAGE_CODES[0]

/** The language whose keys the other folders are compared with, and whose texts are shown where one is missing. */
export const REFERENCE_LANGUAGE: Language = 'en'

export function isLanguage(code: unknown): code is Language {
  return LANGUAGE_CODES.some((language) => language === code)
}
