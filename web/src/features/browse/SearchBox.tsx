import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'

const DEBOUNCE_MS = 300

/** The typed text; searches when typing pauses, and follows `q` when the URL changes otherwise (Back, for instance). */
function useDebouncedSearch(q: string, onSearch: (q: string) => void) {
  const [text, setText] = useState(q)
  const [lastQuery, setLastQuery] = useState(q)
  const [searched, setSearched] = useState(q)
  if (q !== lastQuery) {
    setLastQuery(q)
    if (q !== searched) {
      setSearched(q)
      setText(q)
    }
  }
  useEffect(() => {
    const query = text.trim()
    if (query === searched) return
    const timer = setTimeout(() => {
      setSearched(query)
      onSearch(query)
    }, DEBOUNCE_MS)
    return () => clearTimeout(timer)
  }, [text, searched, onSearch])
  return [text, setText] as const
}

export function SearchBox({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useDebouncedSearch(q, onSearch)
  const input = useRef<HTMLInputElement>(null)
  return (
    <div role="search" className="relative">
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-4 size-5 -translate-y-1/2 text-muted" />
      <input
        ref={input}
        type="search"
        aria-label={t('browse.search')}
        placeholder={t('browse.searchHint')}
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="min-h-12 w-full rounded-full border border-line bg-surface pr-12 pl-12 placeholder:text-muted [&::-webkit-search-cancel-button]:hidden"
      />
      {text && (
        <Button
          kind="ghost"
          size="icon"
          className="absolute top-0.5 right-0.5"
          aria-label={t('browse.clear')}
          onClick={() => {
            setText('')
            input.current?.focus()
          }}
        >
          <X aria-hidden className="size-5" />
        </Button>
      )}
    </div>
  )
}
