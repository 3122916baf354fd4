import { useEffect, useState, useSyncExternalStore } from 'react'

const STORAGE_KEY = 'yousync.microphone'
/** What Chrome lists beside the real devices. */
const ALIASES = new Set(['', 'default', 'communications'])
const listeners = new Set<() => void>()

/** The id of the chosen microphone, remembered on this device; '' for the default one. */
export function chosenMicrophone(): string {
  return localStorage.getItem(STORAGE_KEY) ?? ''
}

export function chooseMicrophone(deviceId: string) {
  if (deviceId) localStorage.setItem(STORAGE_KEY, deviceId)
  else localStorage.removeItem(STORAGE_KEY)
  listeners.forEach((listener) => listener())
}

export interface Microphone {
  id: string
  name: string
}

/** The connected microphones. Browsers name them only once the page may record; until then there are none. */
async function listMicrophones(): Promise<Microphone[]> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  return devices
    .filter(({ kind, deviceId, label }) => kind === 'audioinput' && label !== '' && !ALIASES.has(deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }))
}

/** The connected microphones, and the chosen one; `isLost` while that is not connected. `moment` asks for them again. */
export function useMicrophones(moment: unknown) {
  const [microphones, setMicrophones] = useState<Microphone[]>([])
  const chosen = useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, chosenMicrophone)
  useEffect(() => {
    if (!('mediaDevices' in navigator)) return
    let isShown = true
    const update = () =>
      void listMicrophones().then(
        (found) => isShown && setMicrophones(found),
        () => undefined,
      )
    update()
    navigator.mediaDevices.addEventListener('devicechange', update)
    return () => {
      isShown = false
      navigator.mediaDevices.removeEventListener('devicechange', update)
    }
  }, [moment])
  const isLost = chosen !== '' && microphones.length > 0 && !microphones.some(({ id }) => id === chosen)
  return { microphones, chosen, isLost }
}
