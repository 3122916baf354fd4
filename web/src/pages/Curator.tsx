import { Route, Routes } from 'react-router'
import { ActorsPage } from '@/features/curator/ActorsPage'
import { CuratorNav } from '@/features/curator/CuratorNav'
import { ImportPage } from '@/features/curator/ImportPage'
import { NewScenePage } from '@/features/curator/NewScenePage'
import { RequestsPage } from '@/features/curator/RequestsPage'
import { RequireAdmin } from '@/features/curator/RequireAdmin'
import { ScenePage } from '@/features/curator/ScenePage'
import { ScenesPage } from '@/features/curator/ScenesPage'
import '@/features/curator/texts'
import { NotFound } from './NotFound'

/** The pages of administrators, one chunk. */
export function Curator() {
  return (
    <RequireAdmin>
      <CuratorNav />
      <Routes>
        <Route index element={<ScenesPage />} />
        <Route path="new" element={<NewScenePage />} />
        <Route path="import" element={<ImportPage />} />
        <Route path="scenes/:scriptId" element={<ScenePage />} />
        <Route path="actors" element={<ActorsPage />} />
        <Route path="requests" element={<RequestsPage />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </RequireAdmin>
  )
}
