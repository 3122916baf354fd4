import { useTranslation } from 'react-i18next'
import type { DraftLine } from '@/api'
import { moveEdge, type Edge } from './cueTimes'
import { CueWave } from './CueWave'
import { AreaField, SelectField, TextField } from './fields'
import type { LineFields } from './lineEdits'
import { LineTranslations } from './Translations'

const LEVELS = [1, 2, 3, 4, 5]
export const ACTOR_LIST = 'all-actors'

interface Props {
  line: DraftLine
  fields: LineFields
  /** The length of the imported file, s; null without one. */
  lengthS: number | null
  problems: Record<string, string>
  onChange: (values: Partial<LineFields>, gesture: string) => void
}

/** The fields of one line. */
export function LineForm({ line, fields, lengthS, problems, onChange }: Props) {
  const { t } = useTranslation()
  const set = <Name extends keyof LineFields>(name: Name, value: LineFields[Name]) =>
    onChange({ [name]: value }, `${name} ${line.id}`)
  return (
    <div className="flex flex-col gap-4">
      <Times {...{ line, fields, lengthS, problems, onChange }} />
      <AreaField
        label={t('curator.line.text')}
        lang={line.script_language}
        value={fields.text}
        maxLength={2000}
        problem={problems.text}
        onChange={(event) => set('text', event.target.value)}
      />
      <LineTranslations
        texts={fields.translations}
        onChange={(texts, tag) => onChange({ translations: texts }, `translation ${tag} ${line.id}`)}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('curator.line.actor')}
          hint={t('curator.line.actorHint')}
          list={ACTOR_LIST}
          lang={line.script_language}
          value={fields.actor}
          maxLength={200}
          problem={problems.name ?? problems.actor_id}
          onChange={(event) => set('actor', event.target.value)}
        />
        <SelectField
          label={t('curator.line.level')}
          hint={t('curator.line.levelHint')}
          value={fields.curator_level ?? ''}
          problem={problems.curator_level}
          onChange={(event) => set('curator_level', event.target.value ? Number(event.target.value) : null)}
        >
          <option value="">{t('curator.line.noLevel')}</option>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {t(`curator.line.levels.${level as 1}`)}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t('curator.line.spokenForm')}
          hint={t('curator.line.spokenFormHint')}
          lang={line.script_language}
          value={fields.spoken_form}
          maxLength={1000}
          problem={problems.spoken_form}
          onChange={(event) => set('spoken_form', event.target.value)}
        />
        <TextField
          label={t('curator.line.position')}
          type="number"
          min={1}
          max={100000}
          value={fields.position}
          problem={problems.position}
          onChange={(event) => event.target.value && set('position', Number(event.target.value))}
        />
      </div>
    </div>
  )
}

function Times({ line, fields, lengthS, problems, onChange }: Props) {
  const { t } = useTranslation()
  const cue = { start: fields.start_time, end: fields.end_time }
  const limit = lengthS ?? Infinity
  const move = (edge: Edge, value: string) => {
    if (!value) return
    const { start, end } = moveEdge(cue, edge, Number(value), limit)
    onChange({ start_time: start, end_time: end }, `${edge} ${line.id}`)
  }
  return (
    <>
      {lengthS !== null && (
        <CueWave
          scriptId={line.script_id}
          lengthS={lengthS}
          cue={cue}
          label={fields.text}
          onChange={({ start, end }, gesture) =>
            onChange({ start_time: start, end_time: end }, `${gesture} ${line.id}`)
          }
        />
      )}
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label={t('curator.line.start')}
          type="number"
          step={0.01}
          min={0}
          value={fields.start_time}
          problem={problems.start_time}
          onChange={(event) => move('start', event.target.value)}
        />
        <TextField
          label={t('curator.line.end')}
          type="number"
          step={0.01}
          min={0}
          value={fields.end_time}
          problem={problems.end_time}
          onChange={(event) => move('end', event.target.value)}
        />
      </div>
    </>
  )
}
