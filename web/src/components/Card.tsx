import type { ComponentProps, ReactNode } from 'react'
import { cn } from '@/lib/cn'

export function Card({ className, ...props }: ComponentProps<'section'>) {
  return <section className={cn('rounded-2xl border border-line bg-surface p-5 sm:p-6', className)} {...props} />
}

export function CardTitle({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <header className="mb-4 flex flex-wrap items-baseline justify-between gap-2">
      <h2 className="text-lg font-bold">{children}</h2>
      {aside}
    </header>
  )
}
