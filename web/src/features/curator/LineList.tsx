import { ChevronDown, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DraftLine, ScriptDraft } from '@/api'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { cn } from '@/lib/cn'
import { AddLine } from './AddLine'
import { editedFields } from './lineEdits'
import { ACTOR_LIST } from './LineForm'
import { LinePanel } from './LinePanel'
import { Overview } from './Overview'
import { useActors } from './useActors'
import type { LineEdits } from './useDraft'
import { useWaveform } from './useSceneSound'

/** The lines of a scene; one is open to be edited. */
export function LineList({ draft, lineEdits }: { draft: ScriptDraft; lineEdits: LineEdits }) {
  const { t } = useTranslation()
  const [openId, setOpenId] = useState<number | null>(null)
  const whole = useWaveform(draft.id, null, draft.has_media)
  const lengthS = whole.data?.length_s ?? null
  const actors = useActors()
  const unsaved = Object.keys(lineEdits.edits).length
  return (
    <Card className="p-0 sm:p-0">
      <div className="p-5 pb-0 sm:p-6 sm:pb-0">
        <CardTitle
          aside={
            <Button size="small" disabled={!lineEdits.canUndo} onClick={() => lineEdits.dispatch({ type: 'undone' })}>
              <Undo2 aria-hidden className="size-4" />
              {t('curator.undo')}
            </Button>
          }
        >
          {t('curator.lines.title')}
        </CardTitle>
        <p role="status" className="mb-3 text-sm text-muted">
          {unsaved > 0 ? t('curator.unsaved.count', { count: unsaved }) : t('curator.lines.help')}
        </p>
        {whole.data && (
          <Overview
            peaks={whole.data.peaks}
            lengthS={whole.data.length_s}
            lines={draft.tokens.map((line) => ({ id: line.id, ...editedFields(line, lineEdits.edits) }))}
            openId={openId}
            onOpen={setOpenId}
          />
        )}
      </div>
      <datalist id={ACTOR_LIST}>
        {actors.data?.map((actor) => (
          <option key={actor.id} value={actor.name} />
        ))}
      </datalist>
      <ol className="divide-y divide-line">
        {draft.tokens.map((line) => (
          <li key={line.id}>
            <Row
              line={line}
              lineEdits={lineEdits}
              isOpen={openId === line.id}
              onToggle={() => setOpenId(openId === line.id ? null : line.id)}
            />
            {openId === line.id && (!draft.has_media || lengthS !== null || whole.isError) && (
              <LinePanel line={line} lengthS={lengthS} lineEdits={lineEdits} />
            )}
          </li>
        ))}
      </ol>
      <div className="p-5 sm:p-6">
        <AddLine draft={draft} onAdded={lineEdits.reload} />
      </div>
    </Card>
  )
}

interface RowProps {
  line: DraftLine
  lineEdits: LineEdits
  isOpen: boolean
  onToggle: () => void
}

function Row({ line, lineEdits, isOpen, onToggle }: RowProps) {
  const { t } = useTranslation()
  const fields = editedFields(line, lineEdits.edits)
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex min-h-14 w-full items-center gap-3 px-5 py-3 text-left -outline-offset-3 hover:bg-raised sm:px-6"
    >
      <span className="w-8 shrink-0 text-right text-sm text-muted tabular-nums">{fields.position}</span>
      <span className="min-w-0 flex-1">
        <span lang={line.script_language} className="block font-semibold">
          {fields.text}
        </span>
        <span className="block text-sm text-muted">
          <span lang={line.script_language}>{fields.actor}</span> · {fields.start_time.toFixed(2)}–
          {fields.end_time.toFixed(2)} · {fields.translations.ko ?? t('curator.lines.untranslated')}
        </span>
      </span>
      {!line.has_audio && <Mark>{t('curator.lines.noAudio')}</Mark>}
      {lineEdits.edits[line.id] && <Mark>{t('curator.lines.unsaved')}</Mark>}
      <ChevronDown aria-hidden className={cn('size-5 shrink-0 transition-transform', isOpen && 'rotate-180')} />
    </button>
  )
}

function Mark({ children }: { children: string }) {
  return <span className="rounded-full border border-fair px-2 text-xs font-semibold text-fair">{children}</span>
}
