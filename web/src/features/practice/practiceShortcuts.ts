import { stepRate } from '@/features/audio/rate'
import type { Shortcuts } from '@/features/studio/keyboard'
import { stepText } from './choices'
import type { Unit } from './spans'
import type { Practice } from './usePractice'

/** The shortcuts of the practice tools. */
export function practiceShortcuts(practice: Practice): Shortcuts {
  const { loop, chooseUnit, stop, move, setEdge, choosePauses } = practice
  const toggleUnit = (unit: Unit) => () => (loop?.unit === unit ? stop() : void chooseUnit(unit))
  return {
    Escape: loop ? stop : undefined,
    Minus: () => stepRate(-1),
    Equal: () => stepRate(1),
    KeyW: practice.hasWords ? toggleUnit('word') : undefined,
    KeyP: toggleUnit('phrase'),
    KeyO: toggleUnit('line'),
    Comma: () => void move(-1),
    Period: () => void move(1),
    BracketLeft: () => setEdge('from'),
    BracketRight: () => setEdge('to'),
    Digit0: () => choosePauses(0),
    Digit1: () => choosePauses(1),
    Digit2: () => choosePauses(2),
    Digit3: () => choosePauses(3),
    KeyX: practice.switchVoice,
    KeyH: practice.isDictating ? undefined : stepText,
    KeyD: () => practice.setDictating(!practice.isDictating),
  }
}
