import { useTranslation } from 'react-i18next'
import { AreaField, CheckField, TextField } from './fields'
import { languageName } from './languages'
import type { SceneFields } from './sceneFields'
import { AddLanguage } from './Translations'

interface Props {
  fields: SceneFields
  problems: Record<string, string>
  onChange: (values: Partial<SceneFields>) => void
}

/** The fields of a scene: what it is, its translations, and its rights. */
export function SceneForm({ fields, problems, onChange }: Props) {
  const { t } = useTranslation()
  const text = (name: Exclude<keyof SceneFields, 'translations' | 'synthetic_voice' | 'expires'>) => ({
    label: t(`curator.scene.${name}`),
    value: fields[name],
    problem: problems[name],
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
  })
  return (
    <div className="flex flex-col gap-4">
      <TextField {...text('title')} required maxLength={300} lang={fields.language} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...text('category')} required maxLength={60} hint={t('curator.scene.categoryHint')} />
        <TextField {...text('language')} required maxLength={35} hint={t('curator.scene.languageHint')} />
      </div>
      <AreaField {...text('description')} maxLength={5000} lang={fields.language} />
      <Translations {...{ fields, problems, onChange }} />
      <fieldset className="grid gap-4 rounded-xl border border-line p-4 sm:grid-cols-2">
        <legend className="px-1 font-semibold">{t('curator.scene.rights')}</legend>
        <AreaField {...text('source')} maxLength={5000} />
        <AreaField {...text('licence')} maxLength={5000} />
        <AreaField {...text('credit')} maxLength={5000} hint={t('curator.scene.creditHint')} />
        <TextField
          label={t('curator.scene.expires')}
          type="datetime-local"
          hint={t('curator.scene.expiresHint')}
          value={fields.expires}
          problem={problems.expires_at}
          onChange={(event) => onChange({ expires: event.target.value })}
        />
      </fieldset>
      <TextField {...text('slug')} maxLength={120} hint={t('curator.scene.slugHint')} />
      <CheckField
        label={t('curator.scene.synthetic')}
        checked={fields.synthetic_voice}
        onChange={(event) => onChange({ synthetic_voice: event.target.checked })}
      />
    </div>
  )
}

function Translations({ fields, problems, onChange }: Props) {
  const { t } = useTranslation()
  const tags = [...new Set(['ko', ...Object.keys(fields.translations)])]
  const change = (tag: string, values: Partial<{ title: string; description: string }>) => {
    const before = fields.translations[tag] ?? { title: '', description: '' }
    onChange({ translations: { ...fields.translations, [tag]: { ...before, ...values } } })
  }
  return (
    <fieldset className="flex flex-col gap-4 rounded-xl border border-line p-4">
      <legend className="px-1 font-semibold">{t('curator.scene.translations')}</legend>
      {tags.map((tag) => (
        <div key={tag} className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t('curator.scene.translatedTitle', { language: languageName(tag) })}
            lang={tag}
            maxLength={300}
            value={fields.translations[tag]?.title ?? ''}
            problem={tag === 'ko' ? (problems.title_ko ?? problems.translations) : undefined}
            onChange={(event) => change(tag, { title: event.target.value })}
          />
          <AreaField
            label={t('curator.scene.translatedDescription', { language: languageName(tag) })}
            lang={tag}
            maxLength={5000}
            value={fields.translations[tag]?.description ?? ''}
            onChange={(event) => change(tag, { description: event.target.value })}
          />
        </div>
      ))}
      <AddLanguage tags={tags} onAdd={(tag) => change(tag, {})} />
    </fieldset>
  )
}
