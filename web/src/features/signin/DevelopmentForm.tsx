import type { ComponentProps } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { createDevelopmentSession } from '@/api'
import { Button } from '@/components/Button'
import { explain } from '@/lib/problem'
import { finishSignIn } from './finishSignIn'

const trim = (value: string) => value.trim()

/** The form fields with their rules. */
function useSignInForm(keepTakes: boolean) {
  const { t } = useTranslation()
  const { register, handleSubmit, formState, setError } = useForm<{ email: string; name: string }>({
    defaultValues: { email: '', name: '' },
  })
  const { errors, isSubmitting } = formState // a proxy: only what is read here is tracked
  const submit = handleSubmit(async (body) => {
    const send = () => createDevelopmentSession({ body: { ...body, keep_guest_takes: keepTakes } })
    const error = await finishSignIn(send, keepTakes)
    if (error !== null) setError('root', { message: explain(error) })
  })
  const email = register('email', {
    setValueAs: trim,
    required: t('account.signIn.emailMissing'),
    maxLength: { value: 254, message: t('account.signIn.emailWrong') },
    pattern: { value: /^[^@\s]+@[^@\s]+$/, message: t('account.signIn.emailWrong') },
  })
  const name = register('name', {
    setValueAs: trim,
    required: t('account.signIn.nameMissing'),
    maxLength: { value: 200, message: t('account.signIn.nameLong') },
  })
  return { submit, email, name, errors, isSubmitting }
}

/** The sign-in of servers without Google: any address is accepted. */
export function DevelopmentForm({ keepTakes }: { keepTakes: boolean }) {
  const { t } = useTranslation()
  const { submit, email, name, errors, isSubmitting } = useSignInForm(keepTakes)
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <Field
        {...email}
        type="email"
        autoComplete="email"
        label={t('account.signIn.email')}
        problem={errors.email?.message}
      />
      <Field {...name} autoComplete="name" label={t('account.signIn.name')} problem={errors.name?.message} />
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

type FieldProps = ComponentProps<'input'> & { name: string; label: string; problem: string | undefined }

function Field({ name, label, problem, ...input }: FieldProps) {
  return (
    <div>
      <label htmlFor={name} className="mb-1.5 block font-semibold">
        {label}
      </label>
      <input
        {...input}
        name={name}
        id={name}
        aria-required
        aria-invalid={Boolean(problem)}
        aria-describedby={`${name}-problem`}
        className="min-h-12 w-full rounded-xl border border-muted bg-surface px-4 aria-invalid:border-poor"
      />
      <p id={`${name}-problem`} className="mt-1 text-sm text-poor empty:hidden">
        {problem}
      </p>
    </div>
  )
}
