import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ACTOR_URL, decodeMock, MINE_URL, open, playedClips, playedLoop, playLoopUntil, player } from './testing'

const LINE = /forty minutes late/

const openTools = (user: Awaited<ReturnType<typeof open>>) =>
  user.click(screen.getByRole('button', { name: /^Practice tools/ }))
const hear = (url: string, seconds: number) => act(() => player(url).hear(seconds))

/** Waits for the next repeat and expects it to be this part of the sound, in ±15 ms. */
async function expectLoop(from: number, to: number, pauses = 1) {
  await waitFor(async () => {
    const loop = await playedLoop()
    expect(Math.abs(loop.from - from)).toBeLessThan(0.015)
    expect(Math.abs(loop.length - (to - from))).toBeLessThan(0.015)
    expect(Math.abs(loop.pause - Math.max(pauses * (to - from), 0.03))).toBeLessThan(0.015)
  })
}

test('both voices are played slowly with the pitch kept, and the choice is remembered', async () => {
  const user = await open('learner')
  await openTools(user)
  await user.click(await screen.findByRole('radio', { name: '0.5×' }))
  for (const url of [ACTOR_URL, MINE_URL]) {
    const { playbackRate, defaultPlaybackRate, preservesPitch } = player(url).audio
    expect([playbackRate, defaultPlaybackRate, preservesPitch]).toEqual([0.5, 0.5, true])
  }
  expect(localStorage.getItem('yousync.rate')).toBe('0.5')
  await user.keyboard('[Equal]')
  expect(player(ACTOR_URL).audio.playbackRate).toBe(0.6)
  await user.keyboard('[Minus][Minus]')
  expect(screen.getByRole('radio', { name: '0.5×' }).getAttribute('aria-checked')).toBe('true')
})

test('keys repeat the word that was heard, move on, change the pause and the voice', async () => {
  const user = await open('learner')
  hear(ACTOR_URL, 1)
  await user.keyboard('w')
  await expectLoop(0.92, 1.32)
  expect(screen.getByRole('button', { name: /^Practice tools.*Repeat: Word/ })).toBeTruthy()
  await user.keyboard('[Period]')
  await expectLoop(1.32, 1.75)
  await user.keyboard('3')
  await expectLoop(1.32, 1.75, 3)
  await user.keyboard('0')
  await expectLoop(1.32, 1.75, 0)
  await user.keyboard('x')
  await expectLoop(1.4, 1.89, 0) // the same word in my take
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('slider')).toBeNull()
})

test('a phrase and the whole line are repeated, also by a visitor', async () => {
  const user = await open('visitor')
  await openTools(user)
  expect((await screen.findByRole<HTMLButtonElement>('radio', { name: 'Word' })).disabled).toBe(true)
  await user.click(screen.getByRole('radio', { name: 'Line' }))
  await expectLoop(0, 4)
  await user.click(screen.getByRole('radio', { name: 'Pause ×2 as long as the repeated part' }))
  await expectLoop(0, 4, 2)
  expect(screen.getByRole('radio', { name: /^Pause ×2/ }).getAttribute('aria-checked')).toBe('true')
  const count = playedClips()
  await user.keyboard('p')
  await waitFor(() => expect(playedClips()).toBeGreaterThan(count))
  await user.keyboard('p')
  expect(screen.queryByRole('slider')).toBeNull()
})

test('the phrase around the word is repeated', async () => {
  const user = await open('learner')
  hear(ACTOR_URL, 2.6)
  await user.keyboard('p')
  await expectLoop(2.1, 3.24)
})

test('a part is chosen by dragging over the waveform, and its edges are moved by keys', async () => {
  const user = await open('visitor')
  const area = screen.getByRole('button', { name: 'Play: Grace' }).nextElementSibling!
  const pointer = { pointerId: 1, isPrimary: true, button: 0 }
  fireEvent.pointerDown(area, { ...pointer, clientX: 200 })
  fireEvent.pointerMove(area, { ...pointer, clientX: 50 })
  fireEvent.pointerUp(area, { ...pointer, clientX: 50 })
  await expectLoop(0.5, 2)
  const start = screen.getByRole('slider', { name: 'Start of the repeated part: Grace' })
  act(() => start.focus())
  await user.keyboard('{ArrowRight}')
  await expectLoop(0.52, 2)
  expect(start.getAttribute('aria-valuetext')).toBe('0.52 s')
  act(() => screen.getByRole('slider', { name: 'End of the repeated part: Grace' }).focus())
  await user.keyboard('{ArrowLeft}')
  await expectLoop(0.52, 1.98)
  fireEvent.pointerDown(start, { ...pointer, clientX: 52 })
  fireEvent.pointerMove(start, { ...pointer, clientX: 100 })
  fireEvent.pointerUp(start, { ...pointer, clientX: 100 })
  await expectLoop(1, 1.98)
})

test('a press on the waveform chooses nothing', async () => {
  await open('visitor')
  const area = screen.getByRole('button', { name: 'Play: Grace' }).nextElementSibling!
  const pointer = { pointerId: 1, isPrimary: true, button: 0, clientX: 200 }
  fireEvent.pointerDown(area, pointer)
  fireEvent.pointerMove(area, { ...pointer, clientX: 203 })
  fireEvent.pointerUp(area, pointer)
  expect(screen.queryByRole('slider')).toBeNull()
})

test('the keys [ and ] set the edges to what was heard last', async () => {
  const user = await open('visitor')
  hear(ACTOR_URL, 0.7)
  await user.keyboard('[[')
  await expectLoop(0.7, 4)
  await act(() => playLoopUntil(0.8))
  await user.keyboard(']')
  await expectLoop(0.7, 1.5)
})

test('dragging over words repeats them; while words are repeated, a press repeats another one', async () => {
  const user = await open('learner')
  const forty = screen.getByRole('button', { name: 'forty' })
  const late = screen.getByRole('button', { name: 'late,' })
  document.elementFromPoint = (x) => (x < 10 ? forty : late)
  const pointer = { pointerId: 1, isPrimary: true, button: 0 }
  fireEvent.pointerDown(forty, { ...pointer, clientX: 5 })
  fireEvent.pointerMove(forty, { ...pointer, clientX: 50 })
  fireEvent.pointerUp(forty, { ...pointer, clientX: 50 })
  await expectLoop(0.25, 1.32)
  await user.keyboard('w')
  document.elementFromPoint = () => null
  await user.click(screen.getByRole('button', { name: 'coffee' }))
  await expectLoop(2.17, 2.59)
  expect(player(ACTOR_URL).play).not.toHaveBeenCalled()
})

test('the other voice is played at the same place of the line', async () => {
  const user = await open('learner')
  hear(ACTOR_URL, 2.1)
  await user.keyboard('x')
  expect(player(MINE_URL).play).toHaveBeenCalledWith(2.2, undefined)
  hear(MINE_URL, 2.88)
  await user.keyboard('x')
  expect(player(ACTOR_URL).play).toHaveBeenCalledWith(2.75, undefined)
})

test('a loop that cannot be loaded is told', async () => {
  decodeMock.mockRejectedValue(new Error('gone'))
  const user = await open('visitor')
  await openTools(user)
  await user.click(await screen.findByRole('radio', { name: 'Line' }))
  expect((await screen.findByRole('alert')).textContent).toMatch(/could not be loaded/)
})

test('blurred or hidden, the line is neither read by screen readers nor shown in the title', async () => {
  const user = await open('learner')
  await user.keyboard('h')
  expect(screen.queryByRole('heading', { name: LINE })).toBeNull()
  expect(screen.getByRole('heading', { level: 1, name: 'The line is hidden' })).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'forty' })).toBeNull()
  expect(document.title).not.toMatch(LINE)
  await user.keyboard('h')
  expect(document.body.textContent).not.toMatch(LINE)
  await user.click(screen.getByRole('button', { name: 'Show the line' }))
  expect(screen.getByRole('heading', { name: LINE })).toBeTruthy()
})

test('a dictation hides the line and its result, and marks what is typed word by word', async () => {
  const user = await open('learner')
  await screen.findByText('the result')
  await user.keyboard('d')
  const field = await screen.findByRole('textbox', { name: 'Type what you hear' })
  expect(screen.getByRole('heading', { level: 1, name: 'Type what you hear' })).toBeTruthy()
  expect(screen.getByText('the result').closest('[hidden]')).toBeTruthy()
  await user.type(field, 'your forty minutes late leo the is very freezing{Enter}')
  expect(screen.getByText('You got 7 of 9 words.')).toBeTruthy()
  const marks = screen.getAllByRole('listitem').map((item) => item.textContent)
  expect(marks).toEqual([
    'yourwrong',
    'fortycorrect',
    'minutescorrect',
    'latecorrect',
    'leocorrect',
    'thecorrect',
    '?missing word',
    'iscorrect',
    'verynot in the line',
    'freezingcorrect',
  ])
  await user.click(screen.getByRole('button', { name: 'Show the answer' }))
  expect(screen.getByText(LINE, { selector: 'p' })).toBeTruthy()
  await user.clear(field)
  await user.type(field, 'youre forty minutes late leo the coffee is freezing{Enter}')
  expect(screen.getByText('All correct!')).toBeTruthy()
  await user.type(field, '{Control>}{Enter}{/Control}')
  expect(player(ACTOR_URL).play).toHaveBeenCalled()
})

test('after a result, recording again, the other voice and the next line are always within reach', async () => {
  const user = await open('learner')
  const bar = within(await screen.findByRole('group', { name: 'Quick actions' }))
  expect(bar.getByRole('button', { name: 'Again' })).toBeTruthy()
  expect(bar.getByRole('link', { name: 'Next' }).getAttribute('href')).toBe('/lines/3')
  await user.click(bar.getByRole('button', { name: 'Hear mine' }))
  expect(player(MINE_URL).play).toHaveBeenCalled()
  expect(bar.getByRole('button', { name: 'Hear actor' })).toBeTruthy()
})

test('the repeated words can be recorded alone, not the whole line', async () => {
  const user = await open('learner')
  await openTools(user)
  hear(ACTOR_URL, 1)
  await user.keyboard('w')
  expect(await screen.findByRole('button', { name: /^Record “\S+” only$/ })).toBeTruthy()
  await user.keyboard('o')
  await waitFor(() => expect(screen.queryByRole('button', { name: /^Record “/ })).toBeNull())
})
