import { lazy, useState, type ComponentType } from 'react'

/**
 * A component whose code `preload` loads before it is needed. It then appears at once, while one of `lazy` alone always
 * suspends when it is first shown, and React 19 keeps a fallback for 300 ms.
 */
export function loadAhead<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let loaded: ComponentType<Props> | null = null
  let loading: Promise<ComponentType<Props>> | null = null

  /** Rejects as `load` does; what failed is loaded again by the next call. */
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
