/** A waveform as bars, from 0 to 255, drawn over the whole of its parent. */
export function Peaks({ peaks, className }: { peaks: number[]; className?: string }) {
  const path = peaks
    .map((peak, index) => {
      const half = Math.max(0.6, (peak / 255) * 50)
      return `M${index + 0.5} ${50 - half}V${50 + half}`
    })
    .join('')
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${Math.max(1, peaks.length)} 100`}
      preserveAspectRatio="none"
      className={className ?? 'absolute inset-0 size-full text-actor'}
    >
      <path d={path} stroke="currentColor" strokeWidth={1} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
