import { RotateCcw } from 'lucide-react'
import { useEffect, type Dispatch } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenSummary } from '@/api'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { useTakes } from '@/features/takes/takes'
import { ScenePlayback } from './ScenePlayback'
import { ScoreRow } from './ScoreRow'
import { isMine, type SceneEvent, type SceneState } from './sceneState'
import { SceneTotals } from './SceneTotals'
import type { StoredSummary } from './storedSummary'
import { useScores } from './useScores'

interface Props {
  lines: TokenSummary[]
  state: SceneState
  sounds: ReadonlyMap<number, string | null>
  /** The accepted takes of before a reload. */
  earlierJobs: StoredSummary['jobs']
  /** Keeps the accepted takes for after a reload. */
  keep: (jobs: StoredSummary['jobs']) => void
  dispatch: Dispatch<SceneEvent>
}

/** The results of the scene; scores appear as they arrive. */
export function SceneSummary({ lines, state, sounds, earlierJobs, keep, dispatch }: Props) {
  const { t } = useTranslation()
  const takes = useTakes()
  const mine = lines.filter((line) => isMine(state, line))
  const myTakes = mine.map((line) => takes.find(({ key }) => key === state.takes[line.id]))
  const jobs = mine.map((line, index) => myTakes[index]?.jobId ?? earlierJobs[line.id] ?? null)
  const results = useScores(jobs)
  const accepted = JSON.stringify(Object.fromEntries(mine.map((line, index) => [line.id, jobs[index]])))
  useEffect(() => keep(JSON.parse(accepted) as StoredSummary['jobs']), [accepted, keep])
  const scored = mine.flatMap((line, index) => {
    const score = results[index]?.overall_score
    return typeof score === 'number' ? [{ line, score }] : []
  })
  const recordings = new Map(
    mine.flatMap((line, index) => {
      const sound = myTakes[index]?.audio ?? results[index]?.user_audio_url
      return sound ? [[line.id, sound] as const] : []
    }),
  )

  return (
    <div className="space-y-6">
      <SceneTotals scored={scored} />
      <ScenePlayback lines={lines} sounds={sounds} recordings={recordings} />
      <Card>
        <CardTitle>{t('studio.scene.myLines')}</CardTitle>
        <ol className="divide-y divide-line">
          {mine.map((line, index) => (
            <ScoreRow
              key={line.id}
              line={line}
              take={myTakes[index]}
              jobId={jobs[index] ?? null}
              result={results[index]}
            />
          ))}
        </ol>
      </Card>
      <div className="flex justify-center">
        <Button kind="primary" onClick={() => dispatch({ type: 'restarted' })}>
          <RotateCcw aria-hidden className="size-5" /> {t('studio.scene.restart')}
        </Button>
      </div>
    </div>
  )
}
