import { cn } from '@/lib/cn'

/** FNV-1a, a small stable hash. */
export function hash(text: string): number {
  let value = 2166136261
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 16777619)
  return value >>> 0
}

/** Bar heights 0–1 that rise and fall in phrases, as in speech. */
function heights(seed: string, bars: number): number[] {
  const phase = hash(seed) % 628
  return Array.from({ length: bars }, (_, index) => {
    const envelope = Math.abs(Math.sin(index / 4.3 + phase / 100))
    const jitter = (hash(`${seed}${index}`) % 100) / 100
    return 0.12 + envelope * (0.35 + 0.53 * jitter)
  })
}

interface Props {
  seed: string
  bars: number
  className?: string
}

/** A decorative waveform in the current text colour. It represents no real audio. */
export function WaveOrnament({ seed, bars, className }: Props) {
  return (
    <div aria-hidden className={cn('flex items-center gap-[3px]', className)}>
      {heights(seed, bars).map((height, index) => (
        <span key={index} className="min-w-0 flex-1 rounded-full bg-current" style={{ height: `${height * 100}%` }} />
      ))}
    </div>
  )
}
