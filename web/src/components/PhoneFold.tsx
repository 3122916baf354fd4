import { ChevronDown } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { cn } from '@/lib/cn'
import { useIsPhone } from '@/lib/media'

interface Props {
  /** The name under which this device keeps whether it is open. */
  name: string
  title: string
  className?: string
  children: ReactNode
}

/** Folded on phones until it is opened once; on larger screens its content stands in the page. */
export function PhoneFold(props: Props) {
  return useIsPhone() ? <Fold {...props} /> : props.children
}

function Fold({ name, title, className, children }: Props) {
  const key = `yousync.open.${name}`
  const [isOpen, setOpen] = useState(() => localStorage.getItem(key) !== null)
  const keep = (next: boolean) => {
    setOpen(next)
    if (next) localStorage.setItem(key, '1')
    else localStorage.removeItem(key)
  }
  return (
    <details className={className} open={isOpen}>
      <summary
        onClick={(event) => {
          event.preventDefault()
          keep(!isOpen)
        }}
        className="flex min-h-12 cursor-pointer list-none items-center justify-between gap-3 rounded-2xl bg-raised px-4 font-semibold"
      >
        {title}
        <ChevronDown aria-hidden className={cn('size-5 shrink-0 transition-transform', isOpen && 'rotate-180')} />
      </summary>
      {isOpen && <div className="mt-4 grid gap-4 *:min-w-0">{children}</div>}
    </details>
  )
}
