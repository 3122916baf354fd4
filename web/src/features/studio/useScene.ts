import { useQuery } from '@tanstack/react-query'
import { getScriptOptions } from '@/api/@tanstack/react-query.gen'

/** The scene with its lines, requested once, since each request counts as a view. */
export function useScene(scriptId: number) {
  return useQuery({
    ...getScriptOptions({ path: { script_id: scriptId } }),
    staleTime: Infinity,
  })
}
