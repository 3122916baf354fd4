import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { TokenSummary } from '@/api'

interface Props {
  line: TokenSummary
  facts?: ReactNode
  children?: ReactNode
}

/** One line in a list, with a link to practise it. */
export function LineRow({ line, facts, children }: Props) {
  return (
    <li className="flex items-center gap-3 py-4">
      <div className="min-w-0 flex-1">
        <Link
          to={`/lines/${line.id}`}
          lang={line.script_language}
          className="text-base font-semibold underline-offset-4 hover:underline"
        >
          {line.text}
        </Link>
        <p className="mt-0.5 text-sm text-muted">
          <span lang={line.script_language}>{line.script_title}</span>
          {facts}
        </p>
      </div>
      {children}
    </li>
  )
}
