import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button } from '@/components/Button'
import { useTitle } from '@/components/PageTitle'
import { WaveOrnament } from '@/features/browse/WaveOrnament'

export function NotFound() {
  const { t } = useTranslation()
  useTitle(t('browse.notFound.title'))
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 py-16 text-center">
      <WaveOrnament seed="404" bars={40} className="h-16 w-56 text-muted opacity-50" />
      <h1 className="text-2xl font-extrabold tracking-tight">{t('browse.notFound.title')}</h1>
      <p className="text-muted">{t('browse.notFound.text')}</p>
      <Button asChild kind="primary">
        <Link to="/">{t('browse.notFound.home')}</Link>
      </Button>
    </div>
  )
}
