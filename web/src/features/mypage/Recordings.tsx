import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { toast } from 'sonner'
import type { RecordingResponse } from '@/api'
import {
  deleteRecordingMutation,
  listRecordingsInfiniteOptions,
  listRecordingsInfiniteQueryKey,
} from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { Dialog, DialogClose } from '@/components/Dialog'
import { ShowMore } from '@/components/ShowMore'
import { Failure, Loading } from '@/components/States'
import { formatBytes, formatDateTime } from '@/lib/format'
import { explain } from '@/lib/problem'
import { PAGING } from '@/lib/queries'

export function Recordings() {
  const { t } = useTranslation()
  return (
    <Card>
      <CardTitle>{t('account.recordings.title')}</CardTitle>
      <p className="mb-2 text-muted">{t('account.recordings.text')}</p>
      <List />
    </Card>
  )
}

function List() {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const list = useInfiniteQuery({ ...listRecordingsInfiniteOptions({ query: { limit: 10 } }), ...PAGING })
  const recordings = list.data?.pages.flatMap((page) => page.items)
  if (list.isPending) return <Loading />
  if (!recordings) return <Failure error={list.error} retry={() => void list.refetch()} />
  return (
    <div ref={box} tabIndex={-1} className="outline-none">
      {recordings.length === 0 && <p className="py-4 font-semibold">{t('account.recordings.none')}</p>}
      <ul className="divide-y divide-line">
        {recordings.map((recording) => (
          <Row key={recording.job_id} recording={recording} onDeleted={() => box.current?.focus()} />
        ))}
      </ul>
      <ShowMore list={list} />
    </div>
  )
}

function Row({ recording, onDeleted }: { recording: RecordingResponse; onDeleted: () => void }) {
  const { t } = useTranslation()
  const item = t('account.recordings.item', { date: formatDateTime(recording.created_at) })
  const size = recording.bytes === null ? t('account.recordings.unknownSize') : formatBytes(recording.bytes)
  return (
    <li className="flex items-center justify-between gap-4 py-3">
      <div className="min-w-0">
        <p className="font-semibold">{item}</p>
        <p className="text-sm text-muted">
          <span className="tabular-nums">{size}</span>
          {' · '}
          <Link to={`/lines/${recording.token_id}`} className="underline">
            {t('account.recordings.line')}
          </Link>
        </p>
      </div>
      <DeleteButton jobId={recording.job_id} item={item} size={size} onDeleted={onDeleted} />
    </li>
  )
}

interface DeleteProps {
  jobId: string
  item: string
  size: string
  onDeleted: () => void
}

function useDeleteRecording(onDeleted: () => void) {
  const { t } = useTranslation()
  const client = useQueryClient()
  return useMutation({
    ...deleteRecordingMutation(),
    onSuccess: async () => {
      toast.success(t('account.recordings.deleted'))
      await client.invalidateQueries({ queryKey: listRecordingsInfiniteQueryKey() })
      onDeleted()
    },
    onError: (error) => toast.error(explain(error)),
  })
}

function DeleteButton({ jobId, item, size, onDeleted }: DeleteProps) {
  const { t } = useTranslation()
  const deletion = useDeleteRecording(onDeleted)
  return (
    <Dialog
      title={t('account.recordings.confirmTitle')}
      description={t('account.recordings.confirmText', { item, size })}
      trigger={
        <Button
          kind="ghost"
          size="icon"
          disabled={deletion.isPending}
          aria-label={t('account.recordings.deleteItem', { item, size })}
        >
          <Trash2 aria-hidden className="size-5" />
        </Button>
      }
    >
      <div className="flex justify-end gap-3">
        <DialogClose asChild>
          <Button>{t('common.cancel')}</Button>
        </DialogClose>
        <DialogClose asChild>
          <Button kind="danger" onClick={() => deletion.mutate({ path: { job_id: jobId } })}>
            {t('account.recordings.delete')}
          </Button>
        </DialogClose>
      </div>
    </Dialog>
  )
}
