import type { ReactNode } from 'react'
import { cn } from '@/lib/cn'

interface Props {
  voice: 'actor' | 'mine'
  title: string
  /** Disables all controls inside. */
  isLocked?: boolean
  children: ReactNode
}

export function Track({ voice, title, isLocked = false, children }: Props) {
  return (
    <div inert={isLocked} className={cn('transition-opacity', isLocked && 'opacity-40')}>
      <h2 className="mb-2 flex items-center gap-2 text-sm font-bold">
        <span aria-hidden className={cn('size-2.5 rounded-full', voice === 'actor' ? 'bg-actor' : 'bg-mine')} />
        {title}
      </h2>
      <div className="min-h-16">{children}</div>
    </div>
  )
}
