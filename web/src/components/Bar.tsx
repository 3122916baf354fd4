import { cn } from '@/lib/cn'

/** A share of a whole as a bar. Its numbers stand beside it in words, so it is hidden from screen readers. */
export function Bar({ share, className }: { share: number; className?: string }) {
  return (
    <div aria-hidden className="h-2 overflow-hidden rounded-full bg-raised">
      <div className={cn('h-full rounded-full bg-mine', className)} style={{ width: `${Math.min(1, share) * 100}%` }} />
    </div>
  )
}
