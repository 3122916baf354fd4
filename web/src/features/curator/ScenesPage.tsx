import { useInfiniteQuery } from '@tanstack/react-query'
import { Clapperboard, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ManagedScript } from '@/api'
import { listManagedScriptsInfiniteOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { PageTitle } from '@/components/PageTitle'
import { ShowMore } from '@/components/ShowMore'
import { Empty, Failure, Loading } from '@/components/States'
import { formatDateTime } from '@/lib/format'
import { localized } from '@/lib/i18n'
import { PAGING } from '@/lib/queries'
import { SelectField, TextField } from './fields'
import { StateChip } from './StateChip'

const STATES = ['draft', 'published', 'hidden', 'expired'] as const

/** All scenes, in every state. */
export function ScenesPage() {
  const { t } = useTranslation()
  const [state, setState] = useState<ManagedScript['state'] | ''>('')
  const [q, setQ] = useState('')
  return (
    <>
      <PageTitle title={t('curator.scenes.title')}>
        <Button asChild>
          <Link to="/curator/new">
            <Plus aria-hidden className="size-5" />
            {t('curator.scenes.create')}
          </Link>
        </Button>
      </PageTitle>
      <div className="mb-4 grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('curator.scenes.search')}
          type="search"
          maxLength={100}
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
        <SelectField
          label={t('curator.scenes.state')}
          value={state}
          onChange={(event) => setState(event.target.value as typeof state)}
        >
          <option value="">{t('curator.scenes.all')}</option>
          {STATES.map((name) => (
            <option key={name} value={name}>
              {t(`curator.state.${name}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <List state={state} q={q.trim()} />
    </>
  )
}

function List({ state, q }: { state: ManagedScript['state'] | ''; q: string }) {
  const { t } = useTranslation()
  const query = { limit: 30, ...(state && { state }), ...(q && { q }) }
  const list = useInfiniteQuery({ ...listManagedScriptsInfiniteOptions({ query }), ...PAGING, staleTime: 0 })
  const scenes = list.data?.pages.flatMap((page) => page.items)
  if (list.isPending) return <Loading />
  if (!scenes) return <Failure error={list.error} retry={() => void list.refetch()} />
  if (scenes.length === 0) {
    return <Empty icon={<Clapperboard aria-hidden className="size-10" />} title={t('curator.scenes.none')} />
  }
  return (
    <Card className="p-0 sm:p-0">
      <ul className="divide-y divide-line">
        {scenes.map((scene) => (
          <Row key={scene.id} scene={scene} />
        ))}
      </ul>
      <ShowMore list={list} />
    </Card>
  )
}

function Row({ scene }: { scene: ManagedScript }) {
  const { t } = useTranslation()
  return (
    <li className="relative flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3 hover:bg-raised">
      <div className="min-w-0 flex-1">
        <Link to={`/curator/scenes/${scene.id}`} className="font-semibold after:absolute after:inset-0">
          {localized(scene, 'title')}
        </Link>
        <p className="text-sm text-muted">
          {t('browse.lines', { count: scene.token_count })} · {t('browse.views', { count: scene.views })}
          {scene.expires_at && ` · ${t('curator.scene.until', { when: formatDateTime(scene.expires_at) })}`}
        </p>
      </div>
      <StateChip state={scene.state} />
    </li>
  )
}
