import { useSyncExternalStore } from 'react'

const PHONE = '(max-width: 639px)'

/** Whether the page is as narrow as on a phone, or as on a small screen at 200 % zoom. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, isPhone, isPhone)
}

function isPhone(): boolean {
  return window.matchMedia(PHONE).matches
}

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(PHONE)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}
