import { hash } from './WaveOrnament'

/** The catalogue writes "Joy (synthetic voice)"; the page says that beside the scene, in its own language. */
export function actorName(name: string): string {
  return name.replace(/\s*\(synthetic voice\)$/i, '')
}

export function actorNames(names: string[]): string {
  return names.map(actorName).join(', ')
}

export function initials(name: string): string {
  const words = actorName(name)
    .replace(/\(.*\)/, '')
    .trim()
    .split(/\s+/)
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : '']
  return ([...first].slice(0, 1).join('') + [...last].slice(0, 1).join('')).toUpperCase()
}

/** The same actor has the same colour in every scene. */
export function actorHue(name: string): number {
  return hash(name) % 360
}
