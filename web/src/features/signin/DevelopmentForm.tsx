import type { ReactNode } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { createDevelopmentSession, type DevelopmentSignIn } from '@/api'
import { Button } from '@/components/Button'
import { explain } from '@/lib/problem'
import { openSession } from '@/lib/session'

const FIELD = 'min-h-12 w-full rounded-xl border border-muted bg-surface px-4 aria-invalid:border-poor'

/** For servers without Google: whoever says an address is believed. */
export function DevelopmentForm() {
  const { t } = useTranslation()
  const { register, handleSubmit, formState, setError } = useForm<Required<DevelopmentSignIn>>({
    defaultValues: { email: '', name: '' },
  })
  const { errors, isSubmitting } = formState
  const signIn = handleSubmit(async (body) => {
    const { data, error } = await createDevelopmentSession({ body })
    if (data) openSession(data)
    else setError('root', { message: explain(error) })
  })
  return (
    <form noValidate onSubmit={(event) => void signIn(event)} className="flex flex-col gap-4">
      <Field id="email" label={t('account.signIn.email')} problem={errors.email?.message}>
        <input
          {...register('email', {
            setValueAs: (value: string) => value.trim(),
            required: t('account.signIn.emailMissing'),
            maxLength: { value: 254, message: t('account.signIn.emailWrong') },
            pattern: { value: /^[^@\s]+@[^@\s]+$/, message: t('account.signIn.emailWrong') },
          })}
          id="email"
          type="email"
          autoComplete="email"
          aria-required
          aria-invalid={Boolean(errors.email)}
          aria-describedby="email-problem"
          className={FIELD}
        />
      </Field>
      <Field id="name" label={t('account.signIn.name')} problem={errors.name?.message}>
        <input
          {...register('name', {
            setValueAs: (value: string) => value.trim(),
            required: t('account.signIn.nameMissing'),
            maxLength: { value: 200, message: t('account.signIn.nameLong') },
          })}
          id="name"
          autoComplete="name"
          aria-required
          aria-invalid={Boolean(errors.name)}
          aria-describedby="name-problem"
          className={FIELD}
        />
      </Field>
      {errors.root && (
        <p role="alert" className="text-sm text-poor">
          {errors.root.message}
        </p>
      )}
      <Button type="submit" kind="primary" disabled={isSubmitting}>
        {t(isSubmitting ? 'account.signIn.working' : 'account.signIn.button')}
      </Button>
    </form>
  )
}

interface FieldProps {
  id: string
  label: string
  problem: string | undefined
  children: ReactNode
}

function Field({ id, label, problem, children }: FieldProps) {
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {label}
      </label>
      {children}
      <p id={`${id}-problem`} className="mt-1 text-sm text-poor empty:hidden">
        {problem}
      </p>
    </div>
  )
}
