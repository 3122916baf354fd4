import { Switch } from 'radix-ui'
import { useId, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

const STORAGE_KEY = 'yousync.auto-stop'
const listeners = new Set<() => void>()

/** True if recordings stop automatically; a preference stored on this device. */
export function useAutoStop(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => localStorage.getItem(STORAGE_KEY) !== 'off',
  )
}

function setAutoStop(value: boolean) {
  if (value) localStorage.removeItem(STORAGE_KEY)
  else localStorage.setItem(STORAGE_KEY, 'off')
  listeners.forEach((listener) => listener())
}

export function AutoStopSwitch() {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className="flex items-center gap-2">
      <Switch.Root
        id={id}
        checked={useAutoStop()}
        onCheckedChange={setAutoStop}
        className="h-6 w-10 rounded-full border border-muted bg-raised p-0.5 data-[state=checked]:border-mine data-[state=checked]:bg-mine"
      >
        <Switch.Thumb className="block size-4.5 rounded-full bg-muted transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-surface" />
      </Switch.Root>
      <label htmlFor={id} className="cursor-pointer text-sm">
        {t('studio.recorder.autoStop')}
      </label>
    </div>
  )
}
