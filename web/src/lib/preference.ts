import { useSyncExternalStore } from 'react'

/** A choice between a few values that is kept on this device and shared by all components. */
export function createPreference<T extends string | number>(key: string, values: readonly T[], initial: T) {
  const listeners = new Set<() => void>()
  const get = (): T => values.find((value) => String(value) === localStorage.getItem(key)) ?? initial
  const set = (value: T) => {
    if (value === initial) localStorage.removeItem(key)
    else localStorage.setItem(key, String(value))
    listeners.forEach((listener) => listener())
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const use = (): T => useSyncExternalStore(subscribe, get)
  return { get, set, use }
}
