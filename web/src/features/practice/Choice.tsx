import { ToggleGroup } from 'radix-ui'
import { useId } from 'react'
import { cn } from '@/lib/cn'

interface Option<T> {
  value: T
  /** What the button shows. */
  text: string
  /** What a screen reader says, where `text` is only a sign. */
  label?: string
  disabled?: boolean
}

interface Props<T> {
  label: string
  options: readonly Option<T>[]
  value: T
  onChange: (value: T) => void
}

/** A row of buttons of which one is chosen: one Tab stop, arrow keys move, Enter or Space chooses. */
export function Choice<T extends string | number>({ label, options, value, onChange }: Props<T>) {
  const id = useId()
  const choose = (chosen: string) => {
    const option = options.find((one) => String(one.value) === chosen)
    if (option) onChange(option.value)
  }
  return (
    <div>
      <p id={id} className="mb-1 text-xs font-semibold text-muted">
        {label}
      </p>
      <ToggleGroup.Root
        type="single"
        aria-labelledby={id}
        value={String(value)}
        onValueChange={choose}
        className="flex rounded-xl bg-raised p-1"
      >
        {options.map((option) => (
          <ToggleGroup.Item
            key={option.value}
            value={String(option.value)}
            disabled={option.disabled}
            aria-label={option.label}
            className={cn(
              'min-h-10 min-w-0 flex-1 rounded-lg px-1 text-sm font-semibold whitespace-nowrap text-ink tabular-nums',
              'data-[state=on]:bg-ink data-[state=on]:text-page disabled:opacity-50',
            )}
          >
            {option.text}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
    </div>
  )
}
