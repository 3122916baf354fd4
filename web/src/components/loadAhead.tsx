import { lazy, useState, type ComponentType } from 'react'

/**
 * A component whose code `preload` loads before it is needed. A component made with `lazy` suspends when it is first
 * shown, even if its code is loaded, and React 19 then keeps the fallback for 300 ms; this one appears at once.
 */
export function loadAhead<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let loaded: ComponentType<Props> | null = null
  let loading: Promise<ComponentType<Props>> | null = null

  /** Rejects as `load` does; the next call tries again. */
  function preload() {
    loading ??= load().then(
      (component) => (loaded = component),
      (error: unknown) => {
        loading = null
        throw error
      },
    )
    return loading
  }

  const Late = lazy(async () => ({ default: await preload() }))

  function Component(props: Props) {
    // For as long as it is shown, since another type would be mounted again.
    const [type] = useState({ Shown: loaded ?? Late })
    return <type.Shown {...props} />
  }

  return { Component, preload }
}
