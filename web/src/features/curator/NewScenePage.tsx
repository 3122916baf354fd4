import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { createScript } from '@/api'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { PageTitle } from '@/components/PageTitle'
import { fieldProblems } from './problems'
import { NEW_SCENE, scenePatchOf, type SceneFields } from './sceneFields'
import { SceneForm } from './SceneForm'
import { Refusal } from './Refusal'

/** A scene that is written line by line, as a draft. */
export function NewScenePage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [fields, setFields] = useState<SceneFields>(NEW_SCENE)
  const creation = useMutation({
    mutationFn: async () => {
      const { title, category, language } = fields
      const body = { ...scenePatchOf(fields, NEW_SCENE), title, category, language }
      const { data } = await createScript({ body, query: { state: 'draft' }, throwOnError: true })
      return data
    },
    onSuccess: ({ id }) => navigate(`/curator/scenes/${id}`),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate()
  }
  return (
    <>
      <PageTitle title={t('curator.scenes.create')} />
      <Card>
        <form onSubmit={submit} className="flex flex-col gap-4">
          <SceneForm
            fields={fields}
            problems={fieldProblems(creation.error)}
            onChange={(values) => setFields((before) => ({ ...before, ...values }))}
          />
          {creation.isError && <Refusal error={creation.error} />}
          <Button type="submit" kind="primary" className="self-start" disabled={creation.isPending}>
            {t('curator.scenes.createDraft')}
          </Button>
        </form>
      </Card>
    </>
  )
}
