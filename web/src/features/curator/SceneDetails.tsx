import { useMutation } from '@tanstack/react-query'
import { RotateCcw, Save } from 'lucide-react'
import { useEffect, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import { patchScript, type ScriptDraft } from '@/api'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { ChangedElsewhere } from './LinePanel'
import { fieldProblems, isChangedElsewhere } from './problems'
import { sceneFieldsOf, scenePatchOf, type SceneFields } from './sceneFields'
import { SceneForm } from './SceneForm'
import { Refusal } from './Refusal'

interface Props {
  draft: ScriptDraft
  reload: () => Promise<void>
  onUnsaved: (isUnsaved: boolean) => void
}

/** The form of a scene that exists; it sends what was changed. */
export function SceneDetails({ draft, reload, onUnsaved }: Props) {
  const { t } = useTranslation()
  const [edit, setEdit] = useState<Partial<SceneFields>>({})
  const stored = sceneFieldsOf(draft)
  const fields = { ...stored, ...edit }
  const changes = scenePatchOf(fields, stored)
  const isUnsaved = Object.keys(changes).length > 0
  useEffect(() => onUnsaved(isUnsaved), [isUnsaved, onUnsaved])
  const save = useMutation({
    mutationFn: async () => {
      const headers = { 'if-match': `"${draft.version}"` }
      await patchScript({ path: { script_id: draft.id }, headers, body: changes, throwOnError: true })
      await reload()
    },
    onSuccess: () => {
      setEdit({})
      toast.success(t('curator.scene.saved'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isUnsaved) save.mutate()
  }
  const load = (keeps: boolean) => {
    if (!keeps) setEdit({})
    save.reset()
    void reload()
  }
  return (
    <Card>
      <CardTitle>{t('curator.scene.details')}</CardTitle>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <SceneForm
          fields={fields}
          problems={fieldProblems(save.error)}
          onChange={(values) => setEdit((before) => ({ ...before, ...values }))}
        />
        {isChangedElsewhere(save.error) ? (
          <ChangedElsewhere onLoad={() => load(false)} onKeep={() => load(true)} />
        ) : (
          save.isError && <Refusal error={save.error} />
        )}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" kind="primary" disabled={!isUnsaved || save.isPending}>
            <Save aria-hidden className="size-5" />
            {t(save.isPending ? 'curator.saving' : 'curator.scene.save')}
          </Button>
          <Button disabled={!isUnsaved || save.isPending} onClick={() => setEdit({})}>
            <RotateCcw aria-hidden className="size-5" />
            {t('curator.scene.discard')}
          </Button>
        </div>
      </form>
    </Card>
  )
}
