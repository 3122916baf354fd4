import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** The style of axis labels. */
export const TICK = { fill: 'var(--muted)', fontSize: 12 }

/** Space left and right of the time axis in the charts of pitch and loudness, px. */
export const AXIS_WIDTH = 34
export const MARGIN_RIGHT = 8

/** The actor's lines are dashed and mine solid, so that they differ without colour. */
export const ACTOR_DASHES = '6 4'

export function Legend() {
  const { t } = useTranslation()
  return (
    <p className="flex gap-4 text-sm font-semibold">
      <span className="flex items-center gap-2 text-mine">
        <span aria-hidden className="w-7 border-t-[3px] border-mine" />
        {t('result.mine')}
      </span>
      <span className="flex items-center gap-2 text-actor">
        <span aria-hidden className="w-7 border-t-[3px] border-dashed border-actor" />
        {t('result.actor')}
      </span>
    </p>
  )
}

interface HorizontalScrollProps {
  /** The accessible name of the scrollable region. */
  label: string
  width: number
  /** The position to keep in view, as a fraction 0–1 of the width. */
  focus?: number | null
  children: ReactNode
}

/** Scrolls wide content sideways instead of squeezing it. */
export function HorizontalScroll({ label, width, focus = null, children }: HorizontalScrollProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (box.current && focus !== null)
      box.current.scrollLeft = focus * box.current.scrollWidth - box.current.clientWidth / 2
  }, [focus])
  return (
    <div ref={box} role="region" aria-label={label} tabIndex={0} className="relative overflow-x-auto rounded-lg pb-1">
      <div aria-hidden style={{ minWidth: width }} className="relative">
        {children}
      </div>
    </div>
  )
}

interface DataTableProps {
  caption: string
  head: string[]
  rows: string[][]
}

/** The data of a chart as a table. */
export function DataTable({ caption, head, rows }: DataTableProps) {
  const { t } = useTranslation()
  return (
    <details className="mt-4 text-sm">
      <summary className="w-fit cursor-pointer rounded py-2 font-semibold text-muted hover:text-ink">
        {t('result.showTable')}
      </summary>
      <div role="region" aria-label={caption} tabIndex={0} className="mt-2 max-h-80 overflow-auto">
        <table className="w-full text-left tabular-nums">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr className="border-b border-line text-muted">
              {head.map((title) => (
                <th key={title} scope="col" className="py-2 pr-4 font-semibold">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells], row) => (
              <tr key={row} className="border-b border-line last:border-0">
                <th scope="row" className="py-2 pr-4 font-semibold">
                  {name}
                </th>
                {cells.map((cell, column) => (
                  <td key={column} className="py-2 pr-4">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
