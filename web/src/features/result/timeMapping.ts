import type { Pair } from './parseFeedback'

type Mapping = (seconds: number) => number

/** Only pairs that go forward on both sides: a line through the others would run back in time. */
function forward(pairs: readonly Pair[]): Pair[] {
  const kept: Pair[] = []
  for (const pair of [...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = kept.at(-1)
    if (!last || (pair[0] > last[0] && pair[1] > last[1])) kept.push(pair)
  }
  return kept
}

/** Piecewise linear through the points; before the first and after the last one at the same speed as the clock. */
function through(points: readonly Pair[]): Mapping {
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

/** `warp` holds [my second, the actor's second] where the same word begins: from the actor's time to mine and back. */
export function timeMaps(warp: readonly Pair[]): { toMine: Mapping; toActor: Mapping } {
  const pairs = forward(warp)
  return { toActor: through(pairs), toMine: through(pairs.map(([mine, actor]) => [actor, mine])) }
}
