import { useState } from 'react'
import { useParams } from 'react-router'
import { PageTitle } from '@/components/PageTitle'
import { Failure, Loading } from '@/components/States'
import { localized } from '@/lib/i18n'
import { LineList } from './LineList'
import { Notes } from './Notes'
import { SceneDetails } from './SceneDetails'
import { SceneState } from './SceneState'
import { UnsavedGuard } from './UnsavedGuard'
import { useDraft, useLineEdits } from './useDraft'

/** One scene with all that an administrator can change of it. */
export function ScenePage() {
  const scriptId = Number(useParams().scriptId)
  const draft = useDraft(scriptId)
  const lineEdits = useLineEdits(scriptId)
  const [hasUnsavedDetails, setUnsavedDetails] = useState(false)
  if (draft.isPending) return <Loading />
  if (!draft.data) return <Failure error={draft.error} retry={() => void draft.refetch()} />
  const isUnsaved = hasUnsavedDetails || Object.keys(lineEdits.edits).length > 0
  return (
    <>
      <UnsavedGuard isUnsaved={isUnsaved} />
      <PageTitle title={localized(draft.data, 'title')} />
      <SceneState draft={draft.data} isUnsaved={isUnsaved} reload={lineEdits.reload} />
      <Notes notes={draft.data.notes} />
      <div className="flex flex-col gap-4">
        <LineList draft={draft.data} lineEdits={lineEdits} />
        <SceneDetails draft={draft.data} reload={lineEdits.reload} onUnsaved={setUnsavedDetails} />
      </div>
    </>
  )
}
