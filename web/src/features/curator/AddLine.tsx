import { useMutation } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import { createToken, type ScriptDraft } from '@/api'
import { Button } from '@/components/Button'
import { AreaField, TextField } from './fields'
import { ACTOR_LIST } from './LineForm'
import { fieldProblems } from './problems'
import { useActorId } from './useActors'
import { Refusal } from './Refusal'

/** Adds a line at the end of a scene. */
export function AddLine({ draft, onAdded }: { draft: ScriptDraft; onAdded: () => Promise<void> }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  if (isOpen) return <Form draft={draft} onAdded={onAdded} onClose={() => setOpen(false)} />
  return (
    <Button onClick={() => setOpen(true)}>
      <Plus aria-hidden className="size-5" />
      {t('curator.line.add')}
    </Button>
  )
}

interface FormProps {
  draft: ScriptDraft
  onAdded: () => Promise<void>
  onClose: () => void
}

function Form({ draft, onAdded, onClose }: FormProps) {
  const { t } = useTranslation()
  const last = draft.tokens.at(-1)
  const [text, setText] = useState('')
  const [actor, setActor] = useState(last?.actor.name ?? '')
  const [start, setStart] = useState(String(last?.end_time ?? 0))
  const [end, setEnd] = useState(String((last?.end_time ?? 0) + 2))
  const actorId = useActorId()
  const creation = useMutation({
    mutationFn: async () => {
      const body = { script_id: draft.id, text, start_time: Number(start), end_time: Number(end) }
      await createToken({ body: { ...body, actor_id: await actorId(actor) }, throwOnError: true })
    },
    onSuccess: async () => {
      await onAdded()
      toast.success(t('curator.line.added'))
      onClose()
    },
  })
  const problems = fieldProblems(creation.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <AreaField
        label={t('curator.line.text')}
        lang={draft.language}
        required
        maxLength={2000}
        value={text}
        problem={problems.text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField
          label={t('curator.line.actor')}
          list={ACTOR_LIST}
          required
          maxLength={200}
          value={actor}
          problem={problems.name}
          onChange={(event) => setActor(event.target.value)}
        />
        <TextField
          label={t('curator.line.start')}
          type="number"
          step={0.01}
          min={0}
          required
          value={start}
          problem={problems.start_time}
          onChange={(event) => setStart(event.target.value)}
        />
        <TextField
          label={t('curator.line.end')}
          type="number"
          step={0.01}
          min={0}
          required
          value={end}
          problem={problems.end_time}
          onChange={(event) => setEnd(event.target.value)}
        />
      </div>
      {creation.isError && <Refusal error={creation.error} />}
      <div className="flex gap-3">
        <Button type="submit" kind="primary" disabled={creation.isPending}>
          {t('curator.line.add')}
        </Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </form>
  )
}
