import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Upload } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import type { DraftLine } from '@/api'
import { getTokenOptions, replaceTokenAudioMutation } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { Refusal } from './Refusal'

/** The stored audio of a line, how the line is read, and another file in place of the audio. */
export function LineAudio({ line, onReplaced }: { line: DraftLine; onReplaced: () => Promise<void> }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const options = getTokenOptions({ path: { token_id: line.id } })
  const detail = useQuery({ ...options, queryKey: [...options.queryKey, 'curator', line.version] as never })
  const picker = useRef<HTMLInputElement>(null)
  const replacement = useMutation({
    ...replaceTokenAudioMutation(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: options.queryKey })
      await onReplaced()
      toast.success(t('curator.audio.replaced'))
    },
  })
  const reading = detail.data?.reading?.text
  return (
    <div className="flex flex-col gap-3 rounded-xl bg-raised p-4">
      <p className="text-sm font-semibold">{t(line.has_audio ? 'curator.audio.title' : 'curator.audio.none')}</p>
      {detail.data?.audio_url && (
        <audio
          controls
          preload="none"
          src={detail.data.audio_url}
          aria-label={t('curator.audio.title')}
          className="w-full"
        />
      )}
      {reading && (
        <p className="text-sm">
          {t('curator.audio.reading')} <span lang={line.script_language}>{reading}</span>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <input
          ref={picker}
          type="file"
          accept="audio/*,video/*"
          hidden
          onChange={(event) => {
            const file = event.target.files?.[0]
            event.target.value = ''
            if (file) replacement.mutate({ path: { token_id: line.id }, body: { audio_file: file } })
          }}
        />
        <Button disabled={replacement.isPending} onClick={() => picker.current?.click()}>
          <Upload aria-hidden className="size-5" />
          {t(replacement.isPending ? 'curator.saving' : 'curator.audio.replace')}
        </Button>
        <p className="min-w-0 flex-1 basis-56 text-sm text-muted">
          {line.results > 0 ? t('curator.audio.resultsStay', { count: line.results }) : t('curator.audio.help')}
        </p>
      </div>
      {replacement.isError && <Refusal error={replacement.error} />}
    </div>
  )
}
