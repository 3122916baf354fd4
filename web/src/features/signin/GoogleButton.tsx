import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createGoogleSession } from '@/api'
import { Button } from '@/components/Button'
import { explain } from '@/lib/problem'
import { useIsDark } from '@/lib/theme'
import { finishSignIn } from './finishSignIn'
import { loadGoogle } from './google'

const BUTTON = { type: 'standard', size: 'large', shape: 'pill', text: 'signin_with', width: 280 } as const

/** Renders Google's button in `box`; the button draws itself in a frame, as Google's rules require. */
function useGoogleButton(clientId: string, keepTakes: boolean) {
  const { t, i18n } = useTranslation()
  const dark = useIsDark()
  const box = useRef<HTMLDivElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [attempts, setAttempts] = useState(0)
  const [canRetry, setCanRetry] = useState(false)
  const latest = useRef(keepTakes)
  useEffect(() => {
    latest.current = keepTakes
  })

  useEffect(() => {
    let isMounted = true
    const signIn = async ({ credential }: { credential: string }) => {
      setProblem(null)
      const keep = latest.current
      const send = () => createGoogleSession({ body: { id_token: credential, keep_guest_takes: keep } })
      const error = await finishSignIn(send, keep)
      if (error !== null && isMounted) setProblem(explain(error))
    }
    const show = (google: GoogleIdentity) => {
      if (!isMounted || !box.current) return
      google.initialize({ client_id: clientId, callback: (answer) => void signIn(answer) })
      box.current.replaceChildren()
      const theme = dark ? 'filled_black' : 'outline'
      google.renderButton(box.current, { ...BUTTON, theme, locale: i18n.language })
    }
    loadGoogle().then(show, () => {
      if (!isMounted) return
      setProblem(t('account.signIn.googleFailed'))
      setCanRetry(true)
    })
    return () => void (isMounted = false)
  }, [clientId, dark, i18n.language, t, attempts])

  const retry = () => {
    setProblem(null)
    setCanRetry(false)
    setAttempts(attempts + 1)
  }
  return { box, problem, retry: canRetry ? retry : null }
}

export function GoogleButton({ clientId, keepTakes }: { clientId: string; keepTakes: boolean }) {
  const { t } = useTranslation()
  const { box, problem, retry } = useGoogleButton(clientId, keepTakes)
  return (
    <div className="flex flex-col items-center gap-3">
      <div ref={box} className={retry ? 'hidden' : 'min-h-11'} />
      {problem && (
        <p role="alert" className="text-center text-sm text-poor">
          {problem}
        </p>
      )}
      {retry && <Button onClick={retry}>{t('common.retry')}</Button>}
    </div>
  )
}
