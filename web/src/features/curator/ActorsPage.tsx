import { useMutation } from '@tanstack/react-query'
import { Save, Trash2 } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import { createActor, deleteActor, updateActor, type ActorSummary } from '@/api'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { PageTitle } from '@/components/PageTitle'
import { Failure, Loading } from '@/components/States'
import { explain } from '@/lib/problem'
import { Confirm } from './Confirm'
import { TextField } from './fields'
import { useActors, useForgetActors } from './useActors'
import { Refusal } from './Refusal'

/** The speakers of all lines. */
export function ActorsPage() {
  const { t } = useTranslation()
  const actors = useActors()
  return (
    <>
      <PageTitle title={t('curator.actors.title')} />
      <Card>
        <NewActor />
        {actors.isPending && <Loading />}
        {actors.isError && <Failure error={actors.error} retry={() => void actors.refetch()} />}
        <ul className="mt-4 divide-y divide-line">
          {actors.data?.map((actor) => (
            <Row key={actor.id} actor={actor} />
          ))}
        </ul>
      </Card>
    </>
  )
}

function NewActor() {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const forget = useForgetActors()
  const creation = useMutation({
    mutationFn: () => createActor({ body: { name }, throwOnError: true }),
    onSuccess: async () => {
      setName('')
      await forget()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <TextField
        label={t('curator.actors.new')}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        className="min-w-0 flex-1"
      />
      <Button type="submit" disabled={creation.isPending}>
        {t('curator.actors.add')}
      </Button>
      {creation.isError && <Refusal error={creation.error} />}
    </form>
  )
}

/** The names of an actor in other languages, with this one in Korean; none where it is empty. */
function withKorean({ translations }: ActorSummary, korean: string): ActorSummary['translations'] {
  const others = Object.entries(translations).filter(([language]) => language !== 'ko')
  return Object.fromEntries(korean.trim() ? [...others, ['ko', korean.trim()]] : others)
}

function Row({ actor }: { actor: ActorSummary }) {
  const { t } = useTranslation()
  const [name, setName] = useState(actor.name)
  const [korean, setKorean] = useState(actor.translations.ko ?? '')
  const forget = useForgetActors()
  const fail = (error: unknown) => toast.error(explain(error))
  const path = { actor_id: actor.id }
  const renaming = useMutation({
    mutationFn: () =>
      updateActor({ path, body: { name, translations: withKorean(actor, korean) }, throwOnError: true }),
    onSuccess: async () => {
      toast.success(t('curator.actors.renamed'))
      await forget()
    },
    onError: fail,
  })
  const removal = useMutation({
    mutationFn: () => deleteActor({ path, throwOnError: true }),
    onSuccess: forget,
    onError: fail,
  })
  const hasNewName = name.trim() !== actor.name || korean.trim() !== (actor.translations.ko ?? '')
  const isChanged = name.trim() !== '' && hasNewName
  return (
    <li className="flex flex-wrap items-end gap-3 py-3">
      <TextField
        label={t('curator.actors.lines', { count: actor.token_count })}
        aria-label={t('curator.actors.name', { name: actor.name })}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        className="min-w-36 flex-1"
      />
      <TextField
        label={t('curator.actors.korean')}
        aria-label={t('curator.actors.koreanName', { name: actor.name })}
        maxLength={200}
        value={korean}
        onChange={(event) => setKorean(event.target.value)}
        className="min-w-36 flex-1"
      />
      <Button disabled={!isChanged || renaming.isPending} onClick={() => renaming.mutate()}>
        <Save aria-hidden className="size-5" />
        {t('curator.actors.rename')}
      </Button>
      {actor.token_count === 0 && (
        <Confirm
          title={t('curator.actors.deleteTitle')}
          text={actor.name}
          action={t('curator.actors.delete')}
          onConfirm={() => removal.mutate()}
          trigger={
            <Button kind="danger" size="icon" aria-label={t('curator.actors.deleteName', { name: actor.name })}>
              <Trash2 aria-hidden />
            </Button>
          }
        />
      )}
    </li>
  )
}
