import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { TokenSummary } from '@/api'
import i18n from '@/lib/i18n'

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
          <SceneTitle line={line} />
          {facts}
        </p>
      </div>
      {children}
    </li>
  )
}

/** The title of the scene in the page's language, or the original. Responses cached earlier have only the original. */
function SceneTitle({ line }: { line: Omit<TokenSummary, 'script_titles'> & Partial<TokenSummary> }) {
  const title = line.script_titles?.[i18n.language]
  return title ? <span>{title}</span> : <span lang={line.script_language}>{line.script_title}</span>
}
