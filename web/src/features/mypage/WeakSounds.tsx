import { useQuery } from '@tanstack/react-query'
import { Ear } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { WeakSound } from '@/api'
import { listWeakSoundsOptions } from '@/api/@tanstack/react-query.gen'
import { Empty, Failure, Loading } from '@/components/States'
import { LineRow } from './LineRow'

export function WeakSounds() {
  const { t } = useTranslation()
  const sounds = useQuery(listWeakSoundsOptions())
  if (sounds.isPending) return <Loading />
  if (!sounds.data) return <Failure error={sounds.error} retry={() => void sounds.refetch()} />
  if (sounds.data.length === 0) {
    return (
      <Empty icon={<Ear aria-hidden className="size-10" />} title={t('mypage.soundsNone')}>
        <p>{t('mypage.soundsNoneHelp')}</p>
      </Empty>
    )
  }
  return (
    <ul className="grid gap-4 py-4 lg:grid-cols-2">
      {sounds.data.map((sound) => (
        <li key={sound.phone} className="rounded-2xl bg-raised p-5">
          <Sound sound={sound} />
        </li>
      ))}
    </ul>
  )
}

function Sound({ sound }: { sound: WeakSound }) {
  const { t } = useTranslation()
  return (
    <>
      <div className="flex items-center gap-4">
        <h3 className="font-ipa text-4xl font-bold text-actor">/{sound.ipa}/</h3>
        <p className="min-w-0 flex-1 text-sm text-muted">
          {t('mypage.soundCorrected', { said: sound.said, corrected: sound.corrected })}
        </p>
      </div>
      <dl className="mt-3 flex flex-col gap-1 text-sm">
        {sound.heard_ipa.length > 0 && (
          <div className="flex gap-2">
            <dt className="shrink-0 text-muted">{t('mypage.heardAs')}</dt>
            <dd className="font-ipa font-semibold">{sound.heard_ipa.map((ipa) => `/${ipa}/`).join(', ')}</dd>
          </div>
        )}
        {sound.words.length > 0 && (
          <div className="flex gap-2">
            <dt className="shrink-0 text-muted">{t('mypage.inWords')}</dt>
            <dd lang={sound.lines[0]?.script_language} className="font-semibold">
              {sound.words.join(', ')}
            </dd>
          </div>
        )}
      </dl>
      {sound.lines.length > 0 && (
        <>
          <p className="mt-4 text-sm text-muted">{t('mypage.practiseWith')}</p>
          <ul className="divide-y divide-line">
            {sound.lines.map((line) => (
              <LineRow key={line.id} line={line} />
            ))}
          </ul>
        </>
      )}
    </>
  )
}
