import { useQuery } from '@tanstack/react-query'
import { getSceneSound, getSceneWaveform, type SceneWaveform } from '@/api'
import { decode } from '@/features/audio/decode'
import type { Sound } from '@/features/audio/loopClip'
import type { Times } from './cueTimes'

const POINTS = 600

/** The waveform of an imported scene, or of a part of it. */
export function useWaveform(scriptId: number, part: Times | null, isEnabled: boolean) {
  return useQuery<SceneWaveform>({
    queryKey: ['scene waveform', scriptId, part],
    queryFn: async () => {
      const query = { points: POINTS, ...(part && { start: part.start, end: part.end }) }
      const { data } = await getSceneWaveform({ path: { script_id: scriptId }, query, throwOnError: true })
      return data
    },
    enabled: isEnabled,
    staleTime: Infinity,
    placeholderData: (before) => before,
  })
}

/** The decoded sound of a part of an imported scene, as a line with these times would have it. */
export function useSound(scriptId: number, part: Times | null) {
  return useQuery<Sound>({
    queryKey: ['scene sound', scriptId, part],
    queryFn: async () => {
      const query = { start: part?.start ?? 0, end: part?.end ?? 0 }
      const { data } = await getSceneSound({
        path: { script_id: scriptId },
        query,
        parseAs: 'blob',
        throwOnError: true,
      })
      return decode(data)
    },
    enabled: part !== null,
    staleTime: Infinity,
    gcTime: 60_000,
  })
}
