import { useMutation } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'
import { deleteSession } from '@/api'
import { Button } from '@/components/Button'
import { asProblem, explain } from '@/lib/problem'
import { useEndSession } from './useEndSession'

async function signOut() {
  try {
    await deleteSession({ throwOnError: true })
  } catch (error) {
    // 401: the session has already ended.
    if (asProblem(error)?.status !== 401) throw error
  }
}

export function SignOut() {
  const { t } = useTranslation()
  const endSession = useEndSession()
  const signOutMutation = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await endSession()
      toast.success(t('account.signedOut'))
    },
    onError: (error) => toast.error(explain(error)),
  })
  return (
    <Button disabled={signOutMutation.isPending} onClick={() => signOutMutation.mutate()}>
      <LogOut aria-hidden className="size-5" />
      {t('account.signOut')}
    </Button>
  )
}
