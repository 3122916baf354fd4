import type { ScriptSummary } from '@/api'
import { actorLanguage, actorName, type NamedActor } from '@/lib/actors'
import { hash } from './WaveOrnament'

/** The actors of a scene. Responses cached before scenes had these details have names only. */
function castOf(scene: Pick<ScriptSummary, 'actors'> & { actor_details?: NamedActor[] }): NamedActor[] {
  return scene.actor_details ?? scene.actors.map((name) => ({ name }))
}

export function actorNames(scene: ScriptSummary): string {
  return castOf(scene).map(actorName).join(', ')
}

/** The language of `actorNames`: that of the page once all names are translated. */
export function castLanguage(scene: ScriptSummary): string | undefined {
  return castOf(scene).some((actor) => actorLanguage(actor, scene.language)) ? scene.language : undefined
}

export function initials(actor: NamedActor): string {
  const words = actorName(actor)
    .replace(/\(.*\)/, '')
    .trim()
    .split(/\s+/)
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : '']
  return ([...first].slice(0, 1).join('') + [...last].slice(0, 1).join('')).toUpperCase()
}

/** A hue 0–359; the same actor has the same one in every scene and every language. */
export function actorHue(actor: NamedActor): number {
  return hash(actor.name) % 360
}
