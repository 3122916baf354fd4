import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from '@/lib/cn'

const buttonClasses = cva(
  'inline-flex items-center justify-center gap-2 rounded-full font-semibold whitespace-nowrap transition-colors disabled:opacity-50 aria-disabled:opacity-50',
  {
    variants: {
      kind: {
        primary: 'bg-ink text-page hover:bg-ink/85',
        record: 'bg-record text-on-record hover:bg-record/90',
        outline: 'border border-line bg-surface text-ink hover:bg-raised',
        ghost: 'text-ink hover:bg-raised',
        danger: 'border border-poor text-poor hover:bg-poor/10',
      },
      size: { small: 'min-h-9 px-3 text-sm', medium: 'min-h-11 px-5', large: 'min-h-14 px-7 text-lg', icon: 'size-11' },
    },
    defaultVariants: { kind: 'outline', size: 'medium' },
  },
)

type Props = ComponentProps<'button'> & VariantProps<typeof buttonClasses> & { asChild?: boolean }

/** A button; with `asChild`, its only child (a link, for instance) in the style of a button. */
export function Button({ kind, size, asChild = false, className, type = 'button', ...props }: Props) {
  const classes = cn(buttonClasses({ kind, size }), className)
  return asChild ? <Slot.Root className={classes} {...props} /> : <button type={type} className={classes} {...props} />
}
