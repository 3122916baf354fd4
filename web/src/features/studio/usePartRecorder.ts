import { useRef, useState } from 'react'
import type { RecordedWords } from '@/api'
import { useRecorder } from './useRecorder'

type OnTake = (take: Blob, words: RecordedWords | null) => void

/** The recorder of a line, which can also record marked words alone; `words` are those of the take that is recorded. */
export function usePartRecorder(onTake: OnTake, autoStop: boolean, lineS: number) {
  const [words, setWords] = useState<RecordedWords | null>(null)
  const latest = useRef(words)
  const recorder = useRecorder((take) => onTake(take, latest.current), autoStop, lineS)
  const isIdle = recorder.state.phase === 'idle'

  /** Starts a take of these words, or of the whole line; a running take goes on or stops. */
  function start(next: RecordedWords | null) {
    if (isIdle) {
      latest.current = next
      setWords(next)
    }
    recorder.record()
  }

  return { ...recorder, record: () => start(null), recordWords: start, words: isIdle ? null : words }
}
