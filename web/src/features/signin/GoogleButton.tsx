import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createGoogleSession } from '@/api'
import { Button } from '@/components/Button'
import { explain } from '@/lib/problem'
import { openSession } from '@/lib/session'
import { useIsDark } from '@/lib/theme'
import { loadGoogle } from './google'

const WIDTH = 280

/** Google draws the button itself, in a frame; its rules ask for that. */
export function GoogleButton({ clientId }: { clientId: string }) {
  const { t, i18n } = useTranslation()
  const dark = useIsDark()
  const box = useRef<HTMLDivElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  const [canRetry, setCanRetry] = useState(false)

  useEffect(() => {
    let isHere = true
    const signIn = async ({ credential }: { credential: string }) => {
      setProblem(null)
      const { data, error } = await createGoogleSession({ body: { id_token: credential } })
      if (data) openSession(data)
      else if (isHere) setProblem(explain(error))
    }
    const show = (google: GoogleIdentity) => {
      if (!isHere || !box.current) return
      google.initialize({ client_id: clientId, callback: (answer) => void signIn(answer) })
      box.current.replaceChildren()
      google.renderButton(box.current, {
        type: 'standard',
        theme: dark ? 'filled_black' : 'outline',
        size: 'large',
        shape: 'pill',
        text: 'signin_with',
        locale: i18n.language,
        width: WIDTH,
      })
    }
    loadGoogle().then(show, () => {
      if (!isHere) return
      setProblem(t('account.signIn.googleFailed'))
      setCanRetry(true)
    })
    return () => {
      isHere = false
    }
  }, [clientId, dark, i18n.language, t, tries])

  return (
    <div className="flex flex-col items-center gap-3">
      <div ref={box} className={canRetry ? 'hidden' : 'min-h-11'} />
      {problem && (
        <p role="alert" className="text-center text-sm text-poor">
          {problem}
        </p>
      )}
      {canRetry && (
        <Button
          onClick={() => {
            setProblem(null)
            setCanRetry(false)
            setTries(tries + 1)
          }}
        >
          {t('common.retry')}
        </Button>
      )}
    </div>
  )
}
