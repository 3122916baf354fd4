import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { languageName } from './languages'
import { AreaField, TextField } from './fields'

const TAG = /^[a-z]{2,3}(-([A-Z]{2}|[0-9]{3}))?$/

interface Props {
  tags: string[]
  onAdd: (tag: string) => void
}

/** A further language for translations, by its tag. */
export function AddLanguage({ tags, onAdd }: Props) {
  const { t } = useTranslation()
  const [tag, setTag] = useState('')
  const [isRefused, setRefused] = useState(false)
  const add = () => {
    setRefused(!TAG.test(tag))
    if (!TAG.test(tag)) return
    if (!tags.includes(tag)) onAdd(tag)
    setTag('')
  }
  return (
    <div className="flex items-end gap-2">
      <TextField
        label={t('curator.translations.tag')}
        problem={isRefused ? t('curator.translations.wrongTag') : undefined}
        placeholder="ja"
        value={tag}
        maxLength={7}
        onChange={(event) => setTag(event.target.value.trim())}
        className="w-40"
      />
      <Button onClick={add}>
        <Plus aria-hidden className="size-5" />
        {t('curator.translations.add')}
      </Button>
    </div>
  )
}

/** The translations of one text, by language tag. */
export function LineTranslations({
  texts,
  onChange,
}: {
  texts: Record<string, string>
  onChange: (texts: Record<string, string>, tag: string) => void
}) {
  const { t } = useTranslation()
  const [added, setAdded] = useState<string[]>([])
  const tags = [...new Set(['ko', ...Object.keys(texts).sort(), ...added])]
  const change = (tag: string, text: string) => {
    const others = Object.fromEntries(Object.entries(texts).filter(([each]) => each !== tag))
    onChange(text ? { ...others, [tag]: text } : others, tag)
  }
  return (
    <div className="flex flex-col gap-3">
      {tags.map((tag) => (
        <div key={tag} className="flex items-start gap-2">
          <AreaField
            label={t('curator.line.translation', { language: languageName(tag) })}
            lang={tag}
            maxLength={2000}
            value={texts[tag] ?? ''}
            onChange={(event) => change(tag, event.target.value)}
            className="min-w-0 flex-1"
          />
          {texts[tag] && (
            <Button
              kind="ghost"
              size="icon"
              className="mt-6"
              aria-label={t('curator.translations.remove', { language: languageName(tag) })}
              onClick={() => change(tag, '')}
            >
              <X aria-hidden />
            </Button>
          )}
        </div>
      ))}
      <AddLanguage tags={tags} onAdd={(tag) => setAdded([...added, tag])} />
    </div>
  )
}
