import type { SceneState } from './sceneState'

/** What the results of a dubbed scene are found by after a reload: my actors, and the last take of each line. */
export interface StoredSummary extends Pick<SceneState, 'mine' | 'takes'> {
  userId: number
  /** The accepted takes, by line id. */
  jobs: Readonly<Record<number, string | null>>
}

const keyOf = (sceneId: number) => `yousync.scene.${sceneId}`

/** Kept for this tab. */
export function storeSummary(sceneId: number, summary: StoredSummary) {
  try {
    sessionStorage.setItem(keyOf(sceneId), JSON.stringify(summary))
  } catch {
    // Without storage the summary ends with the page.
  }
}

export function removeSummary(sceneId: number) {
  sessionStorage.removeItem(keyOf(sceneId))
}

/** The summary of this user's last run through the scene, or null. */
export function storedSummary(sceneId: number, userId: number | null): StoredSummary | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(keyOf(sceneId)) ?? 'null') as StoredSummary | null
    return found && found.userId === userId && Array.isArray(found.mine) ? found : null
  } catch {
    return null
  }
}
