import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'

/** A tooltip on hover and focus. The control inside still needs an accessible name. */
export function WithTooltip({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Tooltip.Provider delayDuration={300}>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content
            sideOffset={6}
            className="z-50 max-w-64 rounded-lg bg-ink px-3 py-1.5 text-sm text-page shadow-lg"
          >
            {text}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  )
}
