import { useState } from 'react'

function fileOf(url: string | null): string | undefined {
  return url?.split('?')[0]
}

/** The first signed URL of a file: each response signs a different one, which would reload the audio. */
export function useStableUrl(url: string | null): string | null {
  const [stable, setStable] = useState(url)
  if (fileOf(url) === fileOf(stable)) return stable
  setStable(url)
  return url
}
