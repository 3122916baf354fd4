import { useId, type ComponentProps, type ReactNode } from 'react'
import { cn } from '@/lib/cn'

const CONTROL =
  'w-full rounded-xl border border-muted bg-surface px-3 py-2 aria-invalid:border-poor disabled:opacity-60 min-h-11'

interface Shown {
  label: string
  hint?: string | undefined
  problem?: string | undefined
  className?: string | undefined
}

interface FrameProps extends Shown {
  children: (attributes: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ReactNode
}

/** A control with its label, a hint, and what is wrong with its value. */
function Frame({ label, hint, problem, className, children }: FrameProps) {
  const id = useId()
  const isDescribed = Boolean(hint ?? problem)
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-sm font-semibold">
        {label}
      </label>
      {children({
        id,
        'aria-invalid': Boolean(problem),
        'aria-describedby': isDescribed ? `${id}-about` : undefined,
      })}
      {isDescribed && (
        <p id={`${id}-about`} className={cn('mt-1 text-sm', problem ? 'text-poor' : 'text-muted')}>
          {problem ?? hint}
        </p>
      )}
    </div>
  )
}

export function TextField({ label, hint, problem, className, ...input }: Shown & Omit<ComponentProps<'input'>, 'id'>) {
  return (
    <Frame {...{ label, hint, problem, className }}>
      {(attributes) => <input {...input} {...attributes} className={CONTROL} />}
    </Frame>
  )
}

export function AreaField({
  label,
  hint,
  problem,
  className,
  ...input
}: Shown & Omit<ComponentProps<'textarea'>, 'id'>) {
  return (
    <Frame {...{ label, hint, problem, className }}>
      {(attributes) => <textarea rows={2} {...input} {...attributes} className={CONTROL} />}
    </Frame>
  )
}

export function SelectField({
  label,
  hint,
  problem,
  className,
  ...input
}: Shown & Omit<ComponentProps<'select'>, 'id'>) {
  return (
    <Frame {...{ label, hint, problem, className }}>
      {(attributes) => <select {...input} {...attributes} className={CONTROL} />}
    </Frame>
  )
}

export function CheckField({ label, ...input }: { label: string } & Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-3 font-semibold">
      <input {...input} type="checkbox" className="size-5 shrink-0 accent-ink" />
      {label}
    </label>
  )
}

export function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="text-sm text-poor">
      {children}
    </p>
  )
}
