/** A line of the scene, as far as the state machine of scene dubbing (this file, without audio) needs it. */
export interface SceneLine {
  id: number
  actor: { id: number }
}

export interface SceneState {
  phase: 'choosing' | 'running' | 'paused' | 'finished'
  /** The ids of the actors I play. */
  mine: readonly number[]
  index: number
  /** Incremented with each start of a line, so that late events of a previous line are ignored. */
  turn: number
  /** The key of the last take of each line, by line id. */
  takes: Readonly<Record<number, string>>
}

export type SceneEvent =
  | { type: 'chosen'; actorId: number }
  | { type: 'begun' | 'skipped' | 'redone' | 'paused' | 'resumed' | 'left' | 'restarted' }
  | { type: 'heard'; turn: number }
  | { type: 'taken'; turn: number; key: string }

export function initialState(lines: readonly SceneLine[]): SceneState {
  const counts = new Map<number, number>()
  for (const { actor } of lines) counts.set(actor.id, (counts.get(actor.id) ?? 0) + 1)
  const most = [...counts].sort((a, b) => b[1] - a[1])[0]
  return { phase: 'choosing', mine: most ? [most[0]] : [], index: 0, turn: 0, takes: {} }
}

export function isMine(state: SceneState, line: SceneLine | undefined): boolean {
  return line !== undefined && state.mine.includes(line.actor.id)
}

function goTo(state: SceneState, index: number, lines: readonly SceneLine[]): SceneState {
  if (index >= lines.length) return { ...state, phase: 'finished' }
  return { ...state, phase: 'running', index, turn: state.turn + 1 }
}

/** Goes back to my current line, or to the last one that was mine. */
function redo(state: SceneState, lines: readonly SceneLine[]): SceneState {
  const last = lines.slice(0, state.index + 1).findLastIndex((line) => isMine(state, line))
  return goTo(state, last < 0 ? state.index : last, lines)
}

function choose(state: SceneState, actorId: number): SceneState {
  const isChosen = state.mine.includes(actorId)
  return { ...state, mine: isChosen ? state.mine.filter((id) => id !== actorId) : [...state.mine, actorId] }
}

function reduceRunning(state: SceneState, event: SceneEvent, lines: readonly SceneLine[]): SceneState {
  switch (event.type) {
    case 'heard':
      return event.turn === state.turn ? goTo(state, state.index + 1, lines) : state
    case 'taken': {
      const line = lines[state.index]
      if (event.turn !== state.turn || !line) return state
      return goTo({ ...state, takes: { ...state.takes, [line.id]: event.key } }, state.index + 1, lines)
    }
    case 'skipped':
      return goTo(state, state.index + 1, lines)
    case 'redone':
      return redo(state, lines)
    case 'paused':
      // A new turn, so that the aborted take is ignored.
      return { ...state, phase: 'paused', turn: state.turn + 1 }
    case 'resumed':
      return state.phase === 'paused' ? goTo(state, state.index, lines) : state
    case 'left':
      return { ...state, phase: 'finished', turn: state.turn + 1 }
    default:
      return state
  }
}

export function sceneReducer(lines: readonly SceneLine[]) {
  return (state: SceneState, event: SceneEvent): SceneState => {
    if (event.type === 'restarted') return { ...state, phase: 'choosing', index: 0, turn: state.turn + 1, takes: {} }
    if (state.phase === 'running' || state.phase === 'paused') return reduceRunning(state, event, lines)
    if (state.phase === 'finished') return state
    if (event.type === 'chosen') return choose(state, event.actorId)
    return event.type === 'begun' && state.mine.length > 0 ? goTo(state, 0, lines) : state
  }
}
