import { asProblem } from '@/lib/problem'

/** What a refused request says about each of its fields, by name; a cue of a file is named in the text. */
export function fieldProblems(error: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { loc, msg } of asProblem(error)?.errors ?? []) {
    const [field, ...inner] = loc.slice(1)
    if (field) found[field] ??= inner.length > 0 ? `${inner.join(' · ')}: ${msg}` : msg
  }
  return found
}

export const isChangedElsewhere = (error: unknown) => asProblem(error)?.code === 'changed_elsewhere'
