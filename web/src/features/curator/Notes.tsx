import { useTranslation } from 'react-i18next'
import type { ImportNote } from '@/api'

const FIRST = 5

/** What the import has skipped, changed or guessed. */
export function Notes({ notes }: { notes: ImportNote[] }) {
  const { t } = useTranslation()
  if (notes.length === 0) return null
  return (
    <details open={notes.length <= FIRST} className="mb-4 rounded-2xl border border-fair bg-surface p-4">
      <summary className="min-h-6 cursor-pointer font-semibold">
        {t('curator.notes.title', { count: notes.length })}
      </summary>
      <ul className="mt-3 flex flex-col gap-2 text-sm">
        {notes.map((note, index) => (
          <li key={index}>
            {note.cue && <span className="font-semibold">{t('curator.notes.cue', { cue: note.cue })} </span>}
            {note.message}
            {note.text && <q className="ml-1 text-muted">{note.text}</q>}
          </li>
        ))}
      </ul>
    </details>
  )
}
