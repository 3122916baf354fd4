import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createActor, listManagedActors, type ActorSummary } from '@/api'

const KEY = ['managed actors']

/** All actors, by name. */
export function useActors() {
  return useQuery<ActorSummary[]>({ queryKey: KEY, queryFn: loadAll })
}

async function loadAll(): Promise<ActorSummary[]> {
  const actors: ActorSummary[] = []
  let cursor: string | null | undefined = ''
  while (cursor !== null && cursor !== undefined) {
    const query: { limit: number; cursor: string } = { limit: 100, cursor }
    const page = (await listManagedActors({ query, throwOnError: true })).data
    actors.push(...page.items)
    cursor = page.next_cursor
  }
  return actors.sort((one, other) => one.name.localeCompare(other.name))
}

/** Returns the id of the actor with a name, who is created where there is none. */
export function useActorId() {
  const queries = useQueryClient()
  return async (name: string): Promise<number> => {
    const actors = await queries.fetchQuery({ queryKey: KEY, queryFn: loadAll, staleTime: Infinity })
    const known = actors.find((actor) => actor.name === name.trim())
    if (known) return known.id
    const { data } = await createActor({ body: { name: name.trim() }, throwOnError: true })
    await queries.invalidateQueries({ queryKey: KEY })
    return data.id
  }
}

export function useForgetActors() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: KEY })
}
