import { expect, test } from 'vitest'
import type { TokenSummary } from '@/api'
import { chooseFirstLine } from './firstLine'

let id = 0
const line = (text: string, seconds: number, more: Partial<TokenSummary> = {}) =>
  ({ id: (id += 1), text, start_time: 10, end_time: 10 + seconds, has_audio: true, ...more }) as TokenSummary

const chosen = (...lines: TokenSummary[]) => chooseFirstLine(lines)?.text

test('the shortest clear line is chosen, the slowest of equally short ones', () => {
  expect(
    chosen(line('I have been waiting here for you', 4), line('Where are you now?', 2), line('Be on time.', 2)),
  ).toBe('Be on time.')
  expect(chosen(line('Come back soon.', 1), line('Not this time.', 2))).toBe('Not this time.')
})

test('lines without audio, of one or two words, fast ones, and signs with several readings are no first lines', () => {
  const good = line('We could try it once more.', 3)
  const others = [
    line('Sit down here.', 2, { has_audio: false }),
    line('No.', 1),
    line('What did you say?', 0.5),
    line('It is 9:30 now.', 3),
    line('She left … again.', 3),
    line('And when she left,', 3),
    line('An ill-disposed man.', 3),
  ]
  expect(chosen(...others, good)).toBe(good.text)
})

test('a catalogue without a clear line has its shortest one, an empty catalogue none', () => {
  expect(chosen(line('A sentence of so very many words that nobody begins with it', 5), line('Oh.', 1))).toBe('Oh.')
  expect(chosen(line('Silent film.', 2, { has_audio: false }))).toBeUndefined()
  expect(chooseFirstLine([])).toBeNull()
})
