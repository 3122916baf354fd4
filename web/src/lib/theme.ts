import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark' | 'system'

const KEPT = 'yousync.theme'
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

export function currentTheme(): Theme {
  const kept = localStorage.getItem(KEPT)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export function isDark(): boolean {
  const theme = currentTheme()
  return theme === 'system' ? systemIsDark.matches : theme === 'dark'
}

function show() {
  document.documentElement.classList.toggle('dark', isDark())
  listeners.forEach((listener) => listener())
}

export function setTheme(theme: Theme) {
  if (theme === 'system') localStorage.removeItem(KEPT)
  else localStorage.setItem(KEPT, theme)
  show()
}

systemIsDark.addEventListener('change', show)

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, currentTheme)
}

export function useIsDark(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, isDark)
}
