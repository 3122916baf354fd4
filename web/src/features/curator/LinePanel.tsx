import { useMutation } from '@tanstack/react-query'
import { RotateCcw, Save, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import type { DraftLine } from '@/api'
import { deleteTokenMutation } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { explain } from '@/lib/problem'
import { Confirm } from './Confirm'
import { LineAudio } from './LineAudio'
import { LineForm } from './LineForm'
import { editedFields } from './lineEdits'
import { fieldProblems, isChangedElsewhere } from './problems'
import type { LineEdits } from './useDraft'
import { Refusal } from './Refusal'

interface Props {
  line: DraftLine
  lengthS: number | null
  lineEdits: LineEdits
}

/** The line that is being edited, with its audio. */
export function LinePanel({ line, lengthS, lineEdits }: Props) {
  const { t } = useTranslation()
  const { edits, dispatch } = lineEdits
  const save = useMutation({
    mutationFn: () => lineEdits.save(line),
    onSuccess: () => toast.success(t('curator.line.saved')),
  })
  const isEdited = edits[line.id] !== undefined
  return (
    <div className="flex flex-col gap-5 border-t border-line p-4 sm:p-5">
      <LineForm
        line={line}
        fields={editedFields(line, edits)}
        lengthS={lengthS}
        problems={fieldProblems(save.error)}
        onChange={(values, gesture) => dispatch({ type: 'changed', line, values, gesture })}
      />
      {isChangedElsewhere(save.error) ? (
        <ChangedElsewhere
          onLoad={() => {
            dispatch({ type: 'dropped', lineId: line.id })
            save.reset()
            void lineEdits.reload()
          }}
          onKeep={() => {
            save.reset()
            void lineEdits.reload()
          }}
        />
      ) : (
        save.isError && <Refusal error={save.error} />
      )}
      <div className="flex flex-wrap gap-3">
        <Button kind="primary" disabled={!isEdited || save.isPending} onClick={() => save.mutate()}>
          <Save aria-hidden className="size-5" />
          {t(save.isPending ? 'curator.saving' : 'curator.line.save')}
        </Button>
        <Button disabled={!isEdited || save.isPending} onClick={() => dispatch({ type: 'dropped', lineId: line.id })}>
          <RotateCcw aria-hidden className="size-5" />
          {t('curator.line.discard')}
        </Button>
        <DeleteLine line={line} lineEdits={lineEdits} />
      </div>
      <LineAudio line={line} onReplaced={lineEdits.reload} />
    </div>
  )
}

/** Says that somebody else has saved another version, and leaves the choice. */
export function ChangedElsewhere({ onLoad, onKeep }: { onLoad: () => void; onKeep: () => void }) {
  const { t } = useTranslation()
  return (
    <div role="alert" className="rounded-xl border border-poor p-4">
      <p className="font-semibold text-poor">{t('curator.conflict.title')}</p>
      <p className="mb-3">{t('curator.conflict.text')}</p>
      <div className="flex flex-wrap gap-3">
        <Button onClick={onLoad}>{t('curator.conflict.load')}</Button>
        <Button onClick={onKeep}>{t('curator.conflict.keep')}</Button>
      </div>
    </div>
  )
}

function DeleteLine({ line, lineEdits }: { line: DraftLine; lineEdits: LineEdits }) {
  const { t } = useTranslation()
  const removal = useMutation({
    ...deleteTokenMutation(),
    onSuccess: async () => {
      lineEdits.dispatch({ type: 'dropped', lineId: line.id })
      await lineEdits.reload()
      toast.success(t('curator.line.deleted'))
    },
    onError: (error) => toast.error(explain(error)),
  })
  if (line.results > 0) {
    return <p className="self-center text-sm text-muted">{t('curator.line.inUse', { count: line.results })}</p>
  }
  return (
    <Confirm
      title={t('curator.line.deleteTitle')}
      text={line.text}
      action={t('curator.line.delete')}
      onConfirm={() => removal.mutate({ path: { token_id: line.id } })}
      trigger={
        <Button kind="danger" disabled={removal.isPending}>
          <Trash2 aria-hidden className="size-5" />
          {t('curator.line.delete')}
        </Button>
      }
    />
  )
}
