import type { Part } from './clipping'

/** Marks on a waveform where its recording is clipped; the text beside it says so too. */
export function ClippedMarks({ parts }: { parts: readonly Part[] }) {
  return parts.map(({ from, to }) => (
    <span
      key={from}
      aria-hidden
      className="pointer-events-none absolute inset-y-0 border-y-4 border-poor bg-poor/15"
      style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
    />
  ))
}
