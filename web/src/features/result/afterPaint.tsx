import { lazy, memo, Suspense, useEffect, useState, type ComponentType } from 'react'
import { whenIdle } from '@/lib/idle'

/**
 * A chart that is loaded and drawn once the scores and words are on the page, which therefore do not wait for it. Its
 * place has the height of `className` meanwhile.
 */
export function afterPaint<Props extends object>(className: string, load: () => Promise<ComponentType<Props>>) {
  const Chart = lazy(async () => ({ default: await load() }))
  return memo(function AfterPaint(props: Props) {
    const [isDue, setDue] = useState(false)
    useEffect(() => whenIdle(() => setDue(true)), [])
    return (
      <div className={className}>
        {isDue && (
          <Suspense>
            <Chart {...props} />
          </Suspense>
        )}
      </div>
    )
  })
}
