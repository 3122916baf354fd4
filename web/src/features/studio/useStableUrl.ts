import { useState } from 'react'

function fileOf(url: string | null): string | undefined {
  return url?.split('?')[0]
}

/** Signed addresses differ at every answer: the first stays for as long as it names the same file, and nothing reloads. */
export function useStableUrl(url: string | null): string | null {
  const [stable, setStable] = useState(url)
  if (fileOf(url) === fileOf(stable)) return stable
  setStable(url)
  return url
}
