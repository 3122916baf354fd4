import i18n from './i18n'

/** An actor of the API. Responses cached before actors had translations have none. */
export interface NamedActor {
  name: string
  translations?: Partial<Record<string, string>>
}

/** The name in the page's language, else that of the original, without "(synthetic voice)": the page says so itself. */
export function actorName(actor: NamedActor): string {
  return actor.translations?.[i18n.language] ?? actor.name.replace(/\s*\(synthetic voice\)$/i, '')
}

/** The language of the shown name: undefined for that of the page. */
export function actorLanguage(actor: NamedActor, original: string): string | undefined {
  return actor.translations?.[i18n.language] ? undefined : original
}
