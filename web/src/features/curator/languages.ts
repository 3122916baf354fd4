import i18n from '@/lib/i18n'

/** The name of a language in that of the page; its tag where it is not known. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([i18n.language], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
