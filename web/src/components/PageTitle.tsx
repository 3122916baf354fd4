import { useEffect, type ReactNode } from 'react'

/** Sets the title of the browser tab. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} · YouSync` : 'YouSync'
  }, [title])
}

/** The heading of a page; also sets the title of the tab. */
export function PageTitle({ title, children }: { title: string; children?: ReactNode }) {
  useTitle(title)
  return (
    <div className="mb-6 flex flex-wrap items-end justify-between gap-3">
      <h1 className="text-2xl font-extrabold tracking-tight sm:text-3xl">{title}</h1>
      {children}
    </div>
  )
}
