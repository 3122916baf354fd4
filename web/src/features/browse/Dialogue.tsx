import { Switch } from 'radix-ui'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineProgress, ScriptDetail } from '@/api'
import { stopSound } from '@/lib/sound'
import { DialogueLine } from './DialogueLine'

/** The lines as a conversation: the first speaker on the left, the second on the right. */
export function Dialogue({ scene, progress }: { scene: ScriptDetail; progress: LineProgress[] | undefined }) {
  const { t } = useTranslation()
  const [withTranslation, setWithTranslation] = useState(true)
  const speakers = [...new Set(scene.tokens.map((line) => line.actor.id))]
  useEffect(() => stopSound, [])
  return (
    <section aria-labelledby="dialogue">
      <header className="mb-5 flex flex-wrap items-center justify-between gap-3">
        <h2 id="dialogue" className="text-lg font-bold">
          {t('browse.scene.dialogue')}
        </h2>
        <label className="flex min-h-11 cursor-pointer items-center gap-3 text-sm font-semibold">
          {t('browse.scene.showTranslations')}
          <Switch.Root
            checked={withTranslation}
            onCheckedChange={setWithTranslation}
            className="h-7 w-12 rounded-full bg-muted p-1 transition-colors data-[state=checked]:bg-mine"
          >
            <Switch.Thumb className="block size-5 rounded-full bg-surface transition-transform data-[state=checked]:translate-x-5" />
          </Switch.Root>
        </label>
      </header>
      <ol className="flex flex-col gap-5">
        {scene.tokens.map((line) => (
          <DialogueLine
            key={line.id}
            line={line}
            language={scene.language}
            progress={progress?.find((row) => row.token_id === line.id)}
            isRight={speakers.indexOf(line.actor.id) % 2 === 1}
            withTranslation={withTranslation}
          />
        ))}
      </ol>
    </section>
  )
}
