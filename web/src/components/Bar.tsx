import { cn } from '@/lib/cn'

/** A bar for a fraction 0–1. The number is shown beside it as text, so the bar is hidden from screen readers. */
export function Bar({ share, className }: { share: number; className?: string }) {
  return (
    <div aria-hidden className="h-2 overflow-hidden rounded-full bg-raised">
      <div className={cn('h-full rounded-full bg-mine', className)} style={{ width: `${Math.min(1, share) * 100}%` }} />
    </div>
  )
}
