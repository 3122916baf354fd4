import { hash } from './WaveOrnament'

/** The name without "(synthetic voice)", which the page shows beside the scene in its own language. */
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

/** A hue 0–359; the same actor has the same one in every scene. */
export function actorHue(name: string): number {
  return hash(name) % 360
}
