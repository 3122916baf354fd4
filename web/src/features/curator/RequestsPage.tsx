import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Inbox, ThumbsUp } from 'lucide-react'
import { toast } from 'sonner'
import { answerSceneRequest, listManagedScripts, type SceneRequestPatch, type SceneRequestResponse } from '@/api'
import {
  listManagedSceneRequestsInfiniteOptions,
  listManagedSceneRequestsInfiniteQueryKey,
} from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { PageTitle } from '@/components/PageTitle'
import { ShowMore } from '@/components/ShowMore'
import { Empty, Failure, Loading } from '@/components/States'
import { explain } from '@/lib/problem'
import { PAGING } from '@/lib/queries'
import { AreaField, SelectField } from './fields'
import { formatDate } from '@/lib/format'

const STATUSES = ['open', 'answered', 'declined', 'done'] as const
type Status = (typeof STATUSES)[number]

/** The requests of learners, to be answered. */
export function RequestsPage() {
  const { t } = useTranslation()
  const [status, setStatus] = useState<Status>('open')
  return (
    <>
      <PageTitle title={t('curator.requests.title')} />
      <SelectField
        label={t('curator.requests.status')}
        value={status}
        onChange={(event) => setStatus(event.target.value as Status)}
        className="mb-4 sm:w-60"
      >
        {STATUSES.map((name) => (
          <option key={name} value={name}>
            {t(`curator.requests.statuses.${name}`)}
          </option>
        ))}
      </SelectField>
      <List status={status} />
    </>
  )
}

function List({ status }: { status: Status }) {
  const { t } = useTranslation()
  const options = listManagedSceneRequestsInfiniteOptions({ query: { status } })
  const list = useInfiniteQuery({ ...options, ...PAGING, staleTime: 0 })
  const requests = list.data?.pages.flatMap((page) => page.items)
  if (list.isPending) return <Loading />
  if (!requests) return <Failure error={list.error} retry={() => void list.refetch()} />
  if (requests.length === 0) {
    return <Empty icon={<Inbox aria-hidden className="size-10" />} title={t('curator.requests.none')} />
  }
  return (
    <>
      <ul className="flex flex-col gap-4">
        {requests.map((request) => (
          <li key={request.id}>
            <Request request={request} />
          </li>
        ))}
      </ul>
      <ShowMore list={list} />
    </>
  )
}

function Request({ request }: { request: SceneRequestResponse }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [answer, setAnswer] = useState(request.answer ?? '')
  const [script, setScript] = useState(request.script_id === null ? '' : String(request.script_id))
  const change = useMutation({
    mutationFn: (body: SceneRequestPatch) =>
      answerSceneRequest({ path: { request_id: request.id }, body, throwOnError: true }),
    onSuccess: () => toast.success(t('curator.requests.saved')),
    onError: (error) => toast.error(explain(error)),
    onSettled: () =>
      queries.invalidateQueries({ queryKey: [{ _id: listManagedSceneRequestsInfiniteQueryKey()[0]._id }] }),
  })
  const close = (status: Status) =>
    change.mutate({ status, answer: answer.trim() || null, script_id: script ? Number(script) : null })
  return (
    <Card>
      <h2 className="text-lg font-bold">{request.title}</h2>
      <p className="mb-2 flex flex-wrap items-center gap-x-3 text-sm text-muted">
        <span className="flex items-center gap-1">
          <ThumbsUp aria-hidden className="size-4" />
          {t('curator.requests.votes', { count: request.votes })}
        </span>
        <span>{formatDate(request.created_at)}</span>
        {request.is_hidden && <span className="font-semibold text-poor">{t('curator.requests.isHidden')}</span>}
      </p>
      {request.note && <p className="mb-4 whitespace-pre-line">{request.note}</p>}
      <div className="flex flex-col gap-4">
        <AreaField
          label={t('curator.requests.answer')}
          maxLength={500}
          value={answer}
          onChange={(event) => setAnswer(event.target.value)}
        />
        <SceneChoice value={script} onChange={setScript} />
        <div className="flex flex-wrap gap-3">
          {STATUSES.filter((status) => status !== request.status).map((status) => (
            <Button key={status} disabled={change.isPending} onClick={() => close(status)}>
              {t(`curator.requests.close.${status}`)}
            </Button>
          ))}
          <Button
            kind="danger"
            disabled={change.isPending}
            onClick={() => change.mutate({ is_hidden: !request.is_hidden })}
          >
            {t(request.is_hidden ? 'curator.requests.show' : 'curator.requests.hide')}
          </Button>
        </div>
      </div>
    </Card>
  )
}

function SceneChoice({ value, onChange }: { value: string; onChange: (script: string) => void }) {
  const { t } = useTranslation()
  const scenes = useQuery({
    queryKey: ['scenes to link'],
    queryFn: async () => (await listManagedScripts({ query: { limit: 100 }, throwOnError: true })).data.items,
  })
  const isListed = !value || scenes.data?.some((scene) => String(scene.id) === value)
  return (
    <SelectField label={t('curator.requests.scene')} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t('curator.requests.noScene')}</option>
      {!isListed && <option value={value}>{value}</option>}
      {scenes.data?.map((scene) => (
        <option key={scene.id} value={scene.id}>
          {scene.title}
        </option>
      ))}
    </SelectField>
  )
}
