import { useMutation } from '@tanstack/react-query'
import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { createSceneRequest } from '@/api'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { explain } from '@/lib/problem'
import { useForgetRequests } from './useForgetRequests'

const TITLE_MAX = 120
const NOTE_MAX = 500
const CONTROL = 'min-h-12 w-full rounded-xl border border-muted bg-surface px-4 py-2'

/** Asks for a scene; the search that found nothing is its first title. */
export function AskForm() {
  const { t } = useTranslation()
  const id = useId()
  const [search] = useSearchParams()
  const [title, setTitle] = useState((search.get('title') ?? '').slice(0, TITLE_MAX))
  const [note, setNote] = useState('')
  const forget = useForgetRequests()
  const asking = useMutation({
    mutationFn: () => createSceneRequest({ body: { title, note: note.trim() || null }, throwOnError: true }),
    onSuccess: async () => {
      setTitle('')
      setNote('')
      await forget()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    asking.mutate()
  }
  return (
    <Card>
      <CardTitle>{t('requests.ask')}</CardTitle>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div>
          <label htmlFor={`${id}-title`} className="mb-1.5 block font-semibold">
            {t('requests.scene')}
          </label>
          <input
            id={`${id}-title`}
            required
            maxLength={TITLE_MAX}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            className={CONTROL}
          />
        </div>
        <div>
          <label htmlFor={`${id}-note`} className="mb-1.5 block font-semibold">
            {t('requests.note')}
          </label>
          <textarea
            id={`${id}-note`}
            rows={3}
            maxLength={NOTE_MAX}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            className={CONTROL}
          />
        </div>
        <p className="text-sm text-muted">{t('requests.privacy')}</p>
        {asking.isError && (
          <p role="alert" className="text-sm text-poor">
            {explain(asking.error)}
          </p>
        )}
        <p role="status" className="font-semibold text-good empty:hidden">
          {asking.isSuccess && t('requests.asked')}
        </p>
        <Button type="submit" kind="primary" className="self-start" disabled={asking.isPending || !title.trim()}>
          {t('requests.button')}
        </Button>
      </form>
    </Card>
  )
}
