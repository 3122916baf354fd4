import type { DraftLine, TokenPatch } from '@/api'

/** The fields of a line that can be edited; the speaker by name, which may be a new one. */
export interface LineFields {
  text: string
  actor: string
  /** By language tag. */
  translations: Record<string, string>
  spoken_form: string
  curator_level: number | null
  start_time: number
  end_time: number
  position: number
}

/** Unsaved values of lines, by id: only those that differ from what is stored. */
export type Edits = Readonly<Record<number, Partial<LineFields>>>

export interface EditState {
  edits: Edits
  /** What undo returns to, the latest last. */
  past: readonly Edits[]
  /** The changes of one gesture, such as typing in one field or one drag, are undone together. */
  gesture: string | null
}

export type EditAction =
  | { type: 'changed'; line: DraftLine; values: Partial<LineFields>; gesture: string }
  | { type: 'undone' }
  | { type: 'dropped'; lineId: number }

const UNDO_STEPS = 200
export const NO_EDITS: EditState = { edits: {}, past: [], gesture: null }

export function fieldsOf(line: DraftLine): LineFields {
  return {
    text: line.text,
    actor: line.actor.name,
    translations: line.translations,
    spoken_form: line.spoken_form ?? '',
    curator_level: line.curator_level,
    start_time: line.start_time,
    end_time: line.end_time,
    position: line.position,
  }
}

/** The fields of a line with its unsaved values. */
export function editedFields(line: DraftLine, edits: Edits): LineFields {
  return { ...fieldsOf(line), ...edits[line.id] }
}

export function editReducer(state: EditState, action: EditAction): EditState {
  switch (action.type) {
    case 'changed':
      return change(state, action)
    case 'undone': {
      const edits = state.past.at(-1)
      return edits ? { edits, past: state.past.slice(0, -1), gesture: null } : state
    }
    case 'dropped': {
      const drop = (edits: Edits) => without(edits, action.lineId)
      const past = state.past
        .map(drop)
        .filter((edits, index, all) => !isSame(edits, all[index + 1] ?? drop(state.edits)))
      return { edits: drop(state.edits), past, gesture: null }
    }
  }
}

function change(state: EditState, { line, values, gesture }: EditAction & { type: 'changed' }): EditState {
  const stored = fieldsOf(line)
  const edit = Object.fromEntries(
    Object.entries({ ...state.edits[line.id], ...values }).filter(
      ([name, value]) => !isSame(value, stored[name as keyof LineFields]),
    ),
  )
  const rest = without(state.edits, line.id)
  const edits = Object.keys(edit).length > 0 ? { ...rest, [line.id]: edit } : rest
  if (isSame(edits, state.edits)) return state
  const past = gesture === state.gesture ? state.past : [...state.past, state.edits].slice(-UNDO_STEPS)
  return { edits, past, gesture }
}

const without = (edits: Edits, lineId: number): Edits =>
  Object.fromEntries(Object.entries(edits).filter(([id]) => Number(id) !== lineId))

const isSame = (one: unknown, other: unknown) => stable(one) === stable(other)

function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** The body of PATCH for unsaved values; the id of the speaker where that has changed. */
export function patchOf({ actor, spoken_form, ...edit }: Partial<LineFields>, actorId: number | null): TokenPatch {
  return {
    ...edit,
    ...(spoken_form !== undefined && { spoken_form: spoken_form.trim() || null }),
    ...(actor !== undefined && actorId !== null && { actor_id: actorId }),
  }
}
