import type { ScriptDraft, ScriptPatch } from '@/api'

/** The fields of a scene as its form has them: an empty text stands for none. */
export interface SceneFields {
  title: string
  category: string
  language: string
  description: string
  /** Title and description by language tag. */
  translations: Record<string, { title: string; description: string }>
  source: string
  licence: string
  credit: string
  /** In the time zone of the browser, as `datetime-local` inputs have it. */
  expires: string
  slug: string
  synthetic_voice: boolean
}

export const NEW_SCENE: SceneFields = {
  title: '',
  category: 'drama',
  language: 'en-US',
  description: '',
  translations: {},
  source: '',
  licence: '',
  credit: '',
  expires: '',
  slug: '',
  synthetic_voice: false,
}

export function sceneFieldsOf(draft: ScriptDraft): SceneFields {
  const translations = Object.entries(draft.translations).map(([tag, texts]) => [
    tag,
    { title: texts.title ?? '', description: texts.description ?? '' },
  ])
  return {
    title: draft.title,
    category: draft.category,
    language: draft.language,
    description: draft.description ?? '',
    translations: Object.fromEntries(translations) as SceneFields['translations'],
    source: draft.source ?? '',
    licence: draft.licence ?? '',
    credit: draft.credit ?? '',
    expires: draft.expires_at ? toLocal(new Date(draft.expires_at)) : '',
    slug: draft.slug ?? '',
    synthetic_voice: draft.synthetic_voice,
  }
}

/** A moment as `datetime-local` inputs have it, to the minute. */
function toLocal(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 16)
}

/** The body for fields that differ from those before; `expires_at` with an offset from UTC. */
export function scenePatchOf(fields: SceneFields, before: SceneFields): ScriptPatch {
  const changes: ScriptPatch = {}
  for (const name of ['title', 'category', 'language'] as const) {
    if (fields[name] !== before[name]) changes[name] = fields[name].trim()
  }
  for (const name of ['description', 'source', 'licence', 'credit', 'slug'] as const) {
    if (fields[name] !== before[name]) changes[name] = fields[name].trim() || null
  }
  if (fields.synthetic_voice !== before.synthetic_voice) changes.synthetic_voice = fields.synthetic_voice
  if (fields.expires !== before.expires) changes.expires_at = toMoment(fields.expires)
  if (JSON.stringify(fields.translations) !== JSON.stringify(before.translations)) {
    changes.translations = translationsOf(fields)
  }
  return changes
}

/** The moment of a `datetime-local` input in UTC; null for an empty one. */
export function toMoment(local: string): string | null {
  return local ? new Date(local).toISOString() : null
}

export function translationsOf({ translations }: SceneFields) {
  const written = Object.entries(translations)
    .map(
      ([tag, texts]) =>
        [tag, { title: texts.title.trim() || null, description: texts.description.trim() || null }] as const,
    )
    .filter(([, texts]) => texts.title ?? texts.description)
  return Object.fromEntries(written)
}
