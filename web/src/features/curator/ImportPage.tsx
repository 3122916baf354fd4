import { useMutation } from '@tanstack/react-query'
import { FileUp } from 'lucide-react'
import { useEffect, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { toast } from 'sonner'
import { Bar } from '@/components/Bar'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { PageTitle } from '@/components/PageTitle'
import { formatBytes } from '@/lib/format'
import { TextField } from './fields'
import { fieldProblems } from './problems'
import { NEW_SCENE, toMoment, translationsOf, type SceneFields } from './sceneFields'
import { SceneForm } from './SceneForm'
import { sendImport } from './sendImport'
import { UnsavedGuard } from './UnsavedGuard'
import { Refusal } from './Refusal'

interface Files {
  subtitle_file: File | null
  media_file: File | null
  actor: string
  audio_track: string
}

/** The form of an import: empty fields are absent ones. */
function formOf(fields: SceneFields, { subtitle_file, media_file, actor, audio_track }: Files): FormData {
  const form = new FormData()
  const { title, category, language, description, source, licence, credit, slug } = fields
  const texts = { title, category, language, description, source, licence, credit, slug, actor, audio_track }
  Object.entries(texts).forEach(([name, text]) => form.append(name, text.trim()))
  form.append('expires_at', toMoment(fields.expires) ?? '')
  form.append('synthetic_voice', String(fields.synthetic_voice))
  form.append('translations', JSON.stringify(translationsOf(fields)))
  if (subtitle_file) form.append('subtitle_file', subtitle_file)
  if (media_file) form.append('media_file', media_file)
  return form
}

/** A scene from subtitles and sound: the draft that it becomes is its preview. */
export function ImportPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [fields, setFields] = useState<SceneFields>(NEW_SCENE)
  const [files, setFiles] = useState<Files>({ subtitle_file: null, media_file: null, actor: '', audio_track: '' })
  const [share, setShare] = useState(0)
  const sending = useMutation({
    mutationFn: () => sendImport(formOf(fields, files), setShare),
    onSuccess: ({ tokens }) => toast.success(t('curator.import.done', { count: tokens.length })),
  })
  const draftId = sending.data?.id
  // After the guard knows that nothing is being sent any more.
  useEffect(() => {
    if (draftId !== undefined) void navigate(`/curator/scenes/${draftId}`)
  }, [draftId, navigate])
  const problems = fieldProblems(sending.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setShare(0)
    sending.mutate()
  }
  const set = (values: Partial<Files>) => setFiles((before) => ({ ...before, ...values }))
  return (
    <>
      <UnsavedGuard isUnsaved={sending.isPending} />
      <PageTitle title={t('curator.import.title')} />
      <Card>
        <p className="mb-4 text-muted">{t('curator.import.text')}</p>
        <form onSubmit={submit} className="flex flex-col gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <FileField
              name="subtitle_file"
              accept=".srt,.vtt,.ass,.ssa,text/vtt"
              file={files.subtitle_file}
              problem={problems.subtitle_file}
              onChoose={(subtitle_file) => set({ subtitle_file })}
            />
            <FileField
              name="media_file"
              accept="audio/*,video/*,.mkv"
              file={files.media_file}
              problem={problems.media_file}
              onChoose={(media_file) => set({ media_file })}
            />
            <TextField
              label={t('curator.import.actor')}
              hint={t('curator.import.actorHint')}
              maxLength={200}
              value={files.actor}
              problem={problems.actor}
              onChange={(event) => set({ actor: event.target.value })}
            />
            <TextField
              label={t('curator.import.track')}
              hint={t('curator.import.trackHint')}
              type="number"
              min={1}
              max={100}
              value={files.audio_track}
              problem={problems.audio_track}
              onChange={(event) => set({ audio_track: event.target.value })}
            />
          </div>
          <SceneForm
            fields={fields}
            problems={problems}
            onChange={(values) => setFields((before) => ({ ...before, ...values }))}
          />
          {sending.isError && <Refusal error={sending.error} />}
          {sending.isPending && <Progress share={share} />}
          <Button type="submit" kind="primary" className="self-start" disabled={sending.isPending}>
            <FileUp aria-hidden className="size-5" />
            {t('curator.import.button')}
          </Button>
        </form>
      </Card>
    </>
  )
}

function Progress({ share }: { share: number }) {
  const { t } = useTranslation()
  return (
    <div role="status">
      <p className="mb-1.5 text-sm font-semibold">
        {share < 1 ? t('curator.import.sending', { percent: Math.round(share * 100) }) : t('curator.import.reading')}
      </p>
      <Bar share={share} />
    </div>
  )
}

interface FileProps {
  name: 'subtitle_file' | 'media_file'
  accept: string
  file: File | null
  problem: string | undefined
  onChoose: (file: File | null) => void
}

function FileField({ name, accept, file, problem, onChoose }: FileProps) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t(`curator.import.${name}`)}
      hint={file ? formatBytes(file.size) : t(`curator.import.${name}Hint`)}
      type="file"
      accept={accept}
      required
      problem={problem}
      onChange={(event) => onChoose(event.target.files?.[0] ?? null)}
    />
  )
}
