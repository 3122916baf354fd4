import { useEffect, useRef, useState } from 'react'
import type { RecordedWords } from '@/api'
import { addTake, onTakeAccepted, useTakes } from '@/features/takes/takes'
import { useOwner } from '@/features/takes/useOwner'

/** The latest take, sent immediately; `onAccepted` gets the job id of this and of earlier takes of the line. */
export function useTake(tokenId: number, onAccepted: (jobId: string) => void) {
  const owner = useOwner()
  const [key, setKey] = useState<string | null>(null)
  const take = useTakes().find((one) => one.key === key) ?? null
  const latest = useRef(onAccepted)
  useEffect(() => {
    latest.current = onAccepted
  })
  useEffect(() => onTakeAccepted((ofToken, jobId) => ofToken === tokenId && latest.current(jobId)), [tokenId])
  const add = (audio: Blob, words: RecordedWords | null = null) => {
    if (owner !== null) setKey(addTake(tokenId, owner, audio, words))
  }
  return { take, add }
}
