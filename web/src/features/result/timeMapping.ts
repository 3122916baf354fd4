import type { Pair } from './parseFeedback'

type TimeMapping = (seconds: number) => number

/** Keeps only pairs that increase on both sides: a line through the others would run backwards in time. */
function increasingPairs(pairs: readonly Pair[]): Pair[] {
  const increasing: Pair[] = []
  for (const pair of [...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = increasing.at(-1)
    if (!last || (pair[0] > last[0] && pair[1] > last[1])) increasing.push(pair)
  }
  return increasing
}

/** Piecewise linear interpolation; outside the points both sides advance at the same rate. */
function interpolate(points: readonly Pair[]): TimeMapping {
  return (x) => {
    const [first, last] = [points[0], points.at(-1)]
    if (!first || !last) return x
    if (x <= first[0]) return first[1] + x - first[0]
    if (x >= last[0]) return last[1] + x - last[0]
    const next = points.findIndex((point) => point[0] >= x)
    const [a, b] = [points[next - 1] ?? first, points[next] ?? last]
    return a[1] + ((x - a[0]) / (b[0] - a[0])) * (b[1] - a[1])
  }
}

/** The mappings between the actor's time and mine, from pairs [my second, the actor's second] of the same moment. */
export function timeMappings(pairs: readonly Pair[]): { toMine: TimeMapping; toActor: TimeMapping } {
  const increasing = increasingPairs(pairs)
  return { toActor: interpolate(increasing), toMine: interpolate(increasing.map(([mine, actor]) => [actor, mine])) }
}
