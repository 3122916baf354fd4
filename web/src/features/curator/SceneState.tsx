import { useMutation } from '@tanstack/react-query'
import { Eye, EyeOff, Globe, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { toast } from 'sonner'
import { deleteScript, hideScript, publishScript, type ScriptDraft } from '@/api'
import { Button } from '@/components/Button'
import { formatDateTime } from '@/lib/format'
import { explain } from '@/lib/problem'
import { Confirm } from './Confirm'
import { StateChip } from './StateChip'

interface Props {
  draft: ScriptDraft
  isUnsaved: boolean
  reload: () => Promise<void>
}

/** Who sees a scene now, and what changes that. */
export function SceneState({ draft, isUnsaved, reload }: Props) {
  const { t } = useTranslation()
  const path = { script_id: draft.id }
  const fail = (error: unknown) => toast.error(explain(error))
  const publish = useMutation({
    mutationFn: () => publishScript({ path, throwOnError: true }),
    onSuccess: () => toast.success(t('curator.scene.published')),
    onError: fail,
    onSettled: reload,
  })
  const hide = useMutation({
    mutationFn: () => hideScript({ path, throwOnError: true }),
    onSuccess: () => toast.success(t('curator.scene.hidden')),
    onError: fail,
    onSettled: reload,
  })
  return (
    <div className="mb-6 flex flex-wrap items-center gap-3">
      <StateChip state={draft.state} />
      {draft.expires_at && (
        <span className="text-sm text-muted">
          {t('curator.scene.until', { when: formatDateTime(draft.expires_at) })}
        </span>
      )}
      <span className="grow" />
      <Button asChild>
        <Link to={`/scenes/${draft.id}`}>
          <Eye aria-hidden className="size-5" />
          {t('curator.scene.view')}
        </Link>
      </Button>
      {draft.state === 'published' ? (
        <Button disabled={hide.isPending} onClick={() => hide.mutate()}>
          <EyeOff aria-hidden className="size-5" />
          {t('curator.scene.hide')}
        </Button>
      ) : (
        <Button
          kind="primary"
          disabled={publish.isPending || isUnsaved || draft.tokens.length === 0}
          onClick={() => publish.mutate()}
        >
          <Globe aria-hidden className="size-5" />
          {t('curator.scene.publish')}
        </Button>
      )}
      <DeleteScene draft={draft} />
      {draft.state !== 'published' && isUnsaved && (
        <p className="w-full text-sm text-muted">{t('curator.scene.saveFirst')}</p>
      )}
    </div>
  )
}

function DeleteScene({ draft }: { draft: ScriptDraft }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const removal = useMutation({
    mutationFn: () => deleteScript({ path: { script_id: draft.id }, throwOnError: true }),
    onSuccess: async () => {
      toast.success(t('curator.scene.deleted'))
      await navigate('/curator')
    },
    onError: (error) => toast.error(explain(error)),
  })
  if (draft.tokens.some((line) => line.results > 0)) return null
  return (
    <Confirm
      title={t('curator.scene.deleteTitle')}
      text={t('curator.scene.deleteText', { title: draft.title, count: draft.tokens.length })}
      action={t('curator.scene.delete')}
      onConfirm={() => removal.mutate()}
      trigger={
        <Button kind="danger" disabled={removal.isPending}>
          <Trash2 aria-hidden className="size-5" />
          {t('curator.scene.delete')}
        </Button>
      }
    />
  )
}
