import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { ThumbsUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { toast } from 'sonner'
import { removeSceneRequestVote, voteForSceneRequest, withdrawSceneRequest, type SceneRequestResponse } from '@/api'
import { listOwnSceneRequestsInfiniteOptions, listSceneRequestsInfiniteOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { Dialog, DialogClose } from '@/components/Dialog'
import { ShowMore } from '@/components/ShowMore'
import { Failure, Loading } from '@/components/States'
import { formatDate } from '@/lib/format'
import { explain } from '@/lib/problem'
import { PAGING } from '@/lib/queries'
import { useForgetRequests } from './useForgetRequests'

/** The open requests of all learners, without names, the most wanted first. */
export function OpenRequests() {
  const { t } = useTranslation()
  const list = useInfiniteQuery({ ...listSceneRequestsInfiniteOptions({ query: { status: 'open' } }), ...PAGING })
  const requests = list.data?.pages.flatMap((page) => page.items)
  return (
    <Card>
      <CardTitle>{t('requests.open')}</CardTitle>
      {list.isPending && <Loading />}
      {list.isError && !requests && <Failure error={list.error} retry={() => void list.refetch()} />}
      {requests?.length === 0 && <p className="text-muted">{t('requests.noneOpen')}</p>}
      <ul className="divide-y divide-line">
        {requests?.map((request) => (
          <li key={request.id} className="flex items-start justify-between gap-4 py-3">
            <Texts request={request} />
            <Vote request={request} />
          </li>
        ))}
      </ul>
      <ShowMore list={list} />
    </Card>
  )
}

/** My requests with their answers. */
export function OwnRequests() {
  const { t } = useTranslation()
  const list = useInfiniteQuery({ ...listOwnSceneRequestsInfiniteOptions({ query: { limit: 10 } }), ...PAGING })
  const requests = list.data?.pages.flatMap((page) => page.items)
  if (!requests || requests.length === 0) return null
  return (
    <Card>
      <CardTitle>{t('requests.mine')}</CardTitle>
      <ul className="divide-y divide-line">
        {requests.map((request) => (
          <li key={request.id} className="flex flex-wrap items-start justify-between gap-4 py-3">
            <div className="min-w-0 flex-1">
              <Texts request={request} />
              <Answer request={request} />
            </div>
            <Withdraw request={request} />
          </li>
        ))}
      </ul>
      <ShowMore list={list} />
    </Card>
  )
}

function Texts({ request }: { request: SceneRequestResponse }) {
  return (
    <div className="min-w-0 flex-1">
      <p className="font-semibold">{request.title}</p>
      {request.note && <p className="whitespace-pre-line">{request.note}</p>}
      <p className="text-sm text-muted">{formatDate(request.created_at)}</p>
    </div>
  )
}

function Answer({ request }: { request: SceneRequestResponse }) {
  const { t } = useTranslation()
  return (
    <div className="mt-2 text-sm">
      <p className="font-semibold">
        {t(`requests.status.${request.status}`)}
        {request.is_hidden && ` · ${t('requests.hidden')}`}
      </p>
      {request.answer && <p className="whitespace-pre-line">{request.answer}</p>}
      {request.script_id !== null && (
        <Link to={`/scenes/${request.script_id}`} className="inline-flex min-h-11 items-center font-semibold underline">
          {t('requests.toScene')}
        </Link>
      )}
    </div>
  )
}

function Vote({ request }: { request: SceneRequestResponse }) {
  const { t } = useTranslation()
  const forget = useForgetRequests()
  const voting = useMutation({
    mutationFn: async () => {
      const options = { path: { request_id: request.id }, throwOnError: true } as const
      await (request.is_voted ? removeSceneRequestVote(options) : voteForSceneRequest(options))
    },
    onError: (error) => toast.error(explain(error)),
    onSettled: forget,
  })
  return (
    <Button
      kind={request.is_voted ? 'primary' : 'outline'}
      aria-pressed={request.is_voted}
      aria-label={t('requests.vote', { title: request.title, count: request.votes })}
      disabled={voting.isPending}
      onClick={() => voting.mutate()}
    >
      <ThumbsUp aria-hidden className="size-5" />
      <span className="tabular-nums">{request.votes}</span>
    </Button>
  )
}

function Withdraw({ request }: { request: SceneRequestResponse }) {
  const { t } = useTranslation()
  const forget = useForgetRequests()
  const withdrawal = useMutation({
    mutationFn: () => withdrawSceneRequest({ path: { request_id: request.id }, throwOnError: true }),
    onSuccess: () => toast.success(t('requests.withdrawn')),
    onError: (error) => toast.error(explain(error)),
    onSettled: forget,
  })
  return (
    <Dialog
      title={t('requests.withdrawTitle')}
      description={t('requests.withdrawText')}
      trigger={
        <Button disabled={withdrawal.isPending} aria-label={t('requests.withdrawItem', { title: request.title })}>
          {t('requests.withdraw')}
        </Button>
      }
    >
      <div className="flex flex-wrap justify-end gap-3">
        <DialogClose asChild>
          <Button>{t('common.cancel')}</Button>
        </DialogClose>
        <DialogClose asChild>
          <Button kind="danger" onClick={() => withdrawal.mutate()}>
            {t('requests.withdraw')}
          </Button>
        </DialogClose>
      </div>
    </Dialog>
  )
}
