import { useState } from 'react'

function fileOf(url: string | null): string | undefined {
  return url?.split('?')[0]
}

/** Signed addresses differ at every answer: the first stays for as long as it names the same file, and nothing reloads. */
export function useSteadyUrl(url: string | null): string | null {
  const [kept, setKept] = useState(url)
  if (fileOf(url) === fileOf(kept)) return kept
  setKept(url)
  return url
}
