import { useEffect, useRef } from 'react'

/** Physical keys (`code`), since a Korean layout types other letters for R and L. */
export type Key =
  | 'Space'
  | 'Escape'
  | `Key${'D' | 'H' | 'L' | 'O' | 'P' | 'R' | 'S' | 'W' | 'X'}`
  | `Digit${0 | 1 | 2 | 3}`
  | `Arrow${'Left' | 'Right'}`
  | `Bracket${'Left' | 'Right'}`
  | 'Comma'
  | 'Period'
  | 'Minus'
  | 'Equal'
export type Shortcuts = Partial<Record<Key, () => void>>

const TEXT_FIELDS = 'input, textarea, select, [contenteditable="true"]'
const SPACE_CONTROLS =
  'button, summary, audio, video, [role="button"], [role="checkbox"], [role="switch"], [role="tab"]'
const ARROW_CONTROLS =
  '[role="slider"], [role="tab"], [role="radio"], [role="application"], [role="menu"], audio, video'

/** True if the focused element handles this key itself. */
function isHandledByElement(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest(TEXT_FIELDS)) return true
  if (event.code === 'Space') return Boolean(target?.closest(SPACE_CONTROLS))
  return event.code.startsWith('Arrow') && Boolean(target?.closest(ARROW_CONTROLS))
}

/** The action of a key press, unless another element handles it or a dialog is open. */
export function actionFor(event: KeyboardEvent, shortcuts: Shortcuts): (() => void) | undefined {
  if (event.defaultPrevented || event.repeat || event.isComposing) return undefined
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined
  if (document.querySelector('[role="dialog"], [role="alertdialog"]') || isHandledByElement(event)) return undefined
  return shortcuts[event.code as Key]
}

export function useShortcuts(shortcuts: Shortcuts) {
  const latest = useRef(shortcuts)
  useEffect(() => {
    latest.current = shortcuts
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = actionFor(event, latest.current)
      if (!action) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}
