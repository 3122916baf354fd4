import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useReducer } from 'react'
import { patchToken, type DraftLine } from '@/api'
import { getDraftOptions } from '@/api/@tanstack/react-query.gen'
import { editReducer, NO_EDITS, patchOf } from './lineEdits'
import { useActorId } from './useActors'

/** A scene with all that administrators can change of it. */
export function useDraft(scriptId: number) {
  return useQuery(getDraftOptions({ path: { script_id: scriptId } }))
}

/** Loads the scene again, and drops what learners' pages of this browser know of it. */
export function useReload(scriptId: number) {
  const queries = useQueryClient()
  return async () => {
    await queries.invalidateQueries({ queryKey: getDraftOptions({ path: { script_id: scriptId } }).queryKey })
    const isPublic = new Set(['getScript', 'getToken', 'listScripts', 'listPopularScripts', 'listCategories'])
    await queries.invalidateQueries({
      predicate: ({ queryKey }) => isPublic.has((queryKey[0] as { _id?: string })._id ?? ''),
      refetchType: 'none',
    })
  }
}

/** The unsaved values of the lines of a scene, and how they are saved. */
export function useLineEdits(scriptId: number) {
  const [state, dispatch] = useReducer(editReducer, NO_EDITS)
  const actorId = useActorId()
  const reload = useReload(scriptId)
  /** Saves one line; throws the problem of a refusal. */
  const save = async (line: DraftLine) => {
    const edit = state.edits[line.id]
    if (!edit) return
    const actor = edit.actor === undefined ? null : await actorId(edit.actor)
    await patchToken({
      path: { token_id: line.id },
      headers: { 'if-match': `"${line.version}"` },
      body: patchOf(edit, actor),
      throwOnError: true,
    })
    await reload()
    dispatch({ type: 'dropped', lineId: line.id })
  }
  return { edits: state.edits, canUndo: state.past.length > 0, dispatch, save, reload }
}

export type LineEdits = ReturnType<typeof useLineEdits>
