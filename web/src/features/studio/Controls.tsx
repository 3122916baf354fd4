import { Mic } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { Button } from '@/components/Button'
import { useUser } from '@/lib/session'
import { AutoStop } from './AutoStop'
import { KeyboardHelp } from './KeyboardHelp'
import { RecordButton } from './RecordButton'
import { UploadFile } from './UploadFile'
import type { RecorderState } from './useRecorder'

interface Props {
  state: RecorderState
  hasTake: boolean
  record: () => void
  cancel: () => void
  onFile: (take: Blob) => void
}

export function Controls({ state, hasTake, record, cancel, onFile }: Props) {
  const { t } = useTranslation()
  const user = useUser()
  const isBusy = state.phase !== 'idle'
  if (!user) return <SignInToRecord />
  return (
    <div className="flex flex-col items-center gap-4">
      <RecordButton state={state} hasTake={hasTake} onPress={record} />
      {isBusy ? (
        <Button size="small" kind="ghost" onClick={cancel}>
          {t('common.cancel')}
        </Button>
      ) : (
        <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2">
          <AutoStop />
          <UploadFile onTake={onFile} />
          <StudioKeys />
        </div>
      )}
    </div>
  )
}

function StudioKeys() {
  const { t } = useTranslation()
  return (
    <KeyboardHelp
      keys={[
        [t('studio.keys.space'), t('studio.keys.record')],
        ['Esc', t('studio.keys.cancel')],
        ['L', t('studio.keys.listenActor')],
        ['R', t('studio.keys.listenMe')],
        ['← →', t('studio.keys.lines')],
      ]}
    />
  )
}

function SignInToRecord() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  return (
    <div className="flex flex-col items-center gap-3 text-center">
      <Button asChild kind="record" size="large">
        <Link to="/sign-in" state={{ from: pathname }}>
          <Mic aria-hidden /> {t('studio.recorder.signIn')}
        </Link>
      </Button>
      <p className="text-sm text-muted">{t('studio.recorder.signInHelp')}</p>
    </div>
  )
}
