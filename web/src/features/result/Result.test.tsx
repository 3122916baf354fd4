import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Attempt } from '@/api'
import { card, feedbackWith, line, playMock, real, realFeedback, show, word } from './testing'

/** Charts are a chunk of their own. */
const CHARTS = { timeout: 15_000 }

function attempt(job_id: string, created_at: string, rest: Partial<Attempt> = {}): Attempt {
  return {
    job_id,
    created_at,
    token_id: 2,
    status: 'completed',
    attempt_class: 'scored',
    overall_score: 70,
    pronunciation_score: 70,
    intonation_score: 70,
    emotion_score: 70,
    recorded_words: null,
    ...rest,
  }
}

test('the scores and their grades are shown', () => {
  show()
  expect(card('How it went').textContent).toMatch(/Overall 92 good/)
  expect(card('How it went').textContent).toMatch(/Pronunciation good88/)
  expect(card('A closer look').textContent).toMatch(/Rhythm.*97/)
})

test('a missing score is not shown as zero', () => {
  show({ ...feedbackWith({ scores: { fluency: { value: null, confidence: null } } }), intonation_score: null })
  const scores = card('How it went').textContent
  expect(scores).toMatch(/Intonation not measured–/)
  expect(scores).toMatch(/Fluency not measured–/)
  expect(scores).not.toMatch(/(^|\D)0(\D|$)/)
})

test('low confidence is shown', () => {
  show(feedbackWith({ scores: { overall: { value: 91.8, confidence: 0.3 } } }))
  expect(screen.getByText(/hard to hear, so treat the scores/)).toBeTruthy()
})

test('the word of the first tip is selected, with the sound that was heard instead', () => {
  show()
  expect(screen.getByRole('heading', { name: '“freezing”' })).toBeTruthy()
  expect(screen.getByText('heard /dʒ/ instead of /z/')).toBeTruthy()
})

test('a sound that is not flagged is never corrected', () => {
  const words = [
    {
      text: 'late',
      score: 70,
      status: 'fair',
      phones: [{ expected: 'L', ipa: 'l', heard_as: 'R', heard_ipa: 'ɹ', score: 20, flagged: false }],
    },
  ]
  show(feedbackWith({ words, tips: [] }))
  expect(screen.queryByText(/heard \/ɹ\//)).toBeNull()
  expect(screen.getByText(/we are not sure enough to correct/)).toBeTruthy()
})

test('an added sound is shown if the confidence is high', async () => {
  const { user } = show(
    feedbackWith({
      insertions: [
        { word: 8, position: 1, phone: 'UH', ipa: 'ʊ', confidence: 0.99 },
        { word: 8, position: 2, phone: 'IH', ipa: 'ɪ', confidence: 0.4 },
      ],
    }),
  )
  await user.click(word(/freezing/))
  expect(screen.getByText('/ʊ/ was added before /ɹ/')).toBeTruthy()
  expect(screen.queryByText(/\/ɪ\/ was added/)).toBeNull()
})

test('a press plays my word, and two keys play mine and the actor’s', async () => {
  const { user } = show()
  await user.click(word(/coffee/))
  expect(playMock).toHaveBeenLastCalledWith('mine', expect.closeTo(2.27), expect.closeTo(2.72))
  await user.keyboard('a')
  expect(playMock).toHaveBeenLastCalledWith('actor', expect.closeTo(2.14), expect.closeTo(2.62))
  await user.keyboard('m')
  expect(playMock).toHaveBeenLastCalledWith('mine', expect.closeTo(2.27), expect.closeTo(2.72))
})

test('arrow keys move between words, Enter plays, and the toolbar is one Tab stop', async () => {
  const { user } = show()
  word(/freezing/).focus()
  await user.keyboard('{ArrowLeft}')
  expect(document.activeElement).toBe(word(/^is /))
  expect(screen.getByRole('heading', { name: '“is”' })).toBeTruthy()
  expect(playMock).not.toHaveBeenCalled()
  await user.keyboard('{Enter}')
  expect(playMock).toHaveBeenCalledWith('mine', expect.closeTo(2.66), expect.closeTo(2.91))
  await user.keyboard('{Home}{ArrowRight}')
  expect(document.activeElement).toBe(word(/You're/))
  const stops = within(screen.getByRole('toolbar'))
    .getAllByRole('button')
    .filter((button) => button.tabIndex === 0)
  expect(stops).toHaveLength(1)
})

test('the keys work with a Korean layout, and browser shortcuts are untouched', async () => {
  const { user } = show()
  word(/freezing/).focus()
  await user.keyboard('{Control>}a{/Control}')
  expect(playMock).not.toHaveBeenCalled()
  fireEvent.keyDown(word(/freezing/), { key: 'ㅁ', code: 'KeyA' })
  expect(playMock).toHaveBeenCalledWith('actor', expect.closeTo(2.72), expect.closeTo(3.27))
})

test('the buttons play the selected word too', async () => {
  const { user } = show()
  await user.click(screen.getByRole('button', { name: 'Actor: “freezing”' }))
  expect(playMock).toHaveBeenLastCalledWith('actor', expect.closeTo(2.72), expect.closeTo(3.27))
})

test('a deleted recording is reported, and the actor can still be played', async () => {
  const { user } = show({ user_audio_url: null })
  expect(screen.getByText(/no longer stored/)).toBeTruthy()
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'My voice: “freezing”' }).disabled).toBe(true)
  await user.click(screen.getByRole('button', { name: 'Actor: “freezing”' }))
  expect(playMock).toHaveBeenCalledOnce()
})

test.each([true, false])('a result says whether the audio of the line is another by now: %s', (isCurrent) => {
  show({ reference: { audio_id: 'a1', is_current: isCurrent } })
  expect(screen.queryByText(/has been replaced/) === null).toBe(isCurrent)
})

test('a tip selects its word', async () => {
  const { user } = show()
  await user.click(screen.getByRole('button', { name: 'Show “coffee”' }))
  expect(screen.getByRole('heading', { name: '“coffee”' })).toBeTruthy()
  expect(document.activeElement).toBe(word(/coffee/))
})

test.each([
  ['no_speech', "We couldn't hear your voice"],
  ['wrong_sentence', 'That sounded like a different line'],
  ['too_noisy', 'There was too much background noise'],
  ['too_short', 'The recording is too short'],
  ['incomplete', 'We only heard part of the line'],
] as const)('%s has no scores but says what to do', (attempt_class, title) => {
  const none = { overall_score: null, pronunciation_score: null, intonation_score: null, emotion_score: null }
  show({ ...none, attempt_class, detailed_feedback: { words: [], tips: [] } })
  expect(screen.getByRole('heading', { name: title })).toBeTruthy()
  expect(screen.getByText(line.text)).toBeTruthy()
  expect(screen.queryByText('Overall')).toBeNull()
})

test('a failed analysis shows the reason', () => {
  show({
    status: 'failed',
    attempt_class: null,
    detailed_feedback: null,
    error: { code: 'analysis_failed', message: 'The analysis broke off.' },
  })
  expect(screen.getByText('The analysis broke off.')).toBeTruthy()
})

test.each([
  ['nothing', null],
  ['an empty object', {}],
  [
    'lists instead of objects',
    { scores: [], words: {}, contours: [1], rates: null, tips: 'none', insertions: 3, added_words: {} },
  ],
  [
    'odd members',
    {
      words: [null, 1, { text: 'hi', phones: [{}, null], pitch: 4, breaks: [] }],
      tips: [{}, { ko: '끝' }],
      added_words: [
        null,
        { after_word: 7, start_s: 0, end_s: 1 },
        { after_word: 0, start_s: 1, end_s: 1 },
        { after_word: 0, start_s: 1, end_s: 2, repeats: 9 },
      ],
      contours: { hop_s: 0, user_st: [] },
    },
  ],
  [
    'odd contours',
    {
      words: [{ text: 'hi' }],
      contours: { hop_s: 0.1, user_st: [1, 'x', null], warp: [[1], 'a', [0, 0]], user_energy_db: null },
    },
  ],
])('feedback that is %s breaks nothing', (_, detailed_feedback) => {
  show({ detailed_feedback: detailed_feedback })
  expect(screen.getByText('Overall')).toBeTruthy()
})

test('attempts are listed newest first, and each can be opened', async () => {
  const { user, onChooseAttempt } = show({}, [
    attempt('one', '2026-11-20T08:00:00Z', { overall_score: 61 }),
    attempt('two', '2026-11-21T08:00:00Z', { overall_score: null, attempt_class: 'no_speech' }),
    attempt(real.job_id, '2026-11-22T08:00:00Z', { overall_score: 91.8 }),
  ])
  const entries = within(card('My attempts')).getAllByRole('listitem')
  expect(entries.map((entry) => /Attempt \d/.exec(entry.textContent)?.[0])).toEqual([
    'Attempt 3',
    'Attempt 2',
    'Attempt 1',
  ])
  expect(entries[0]?.textContent).toMatch(/currently shown/)
  expect(entries[1]?.textContent).toMatch(/no voice heard/)
  await user.click(screen.getByRole('button', { name: 'Show attempt 1' }))
  expect(onChooseAttempt).toHaveBeenCalledWith('one')
})

test('an incomplete attempt is not good in the list either, and one without a score is not measured', () => {
  show({}, [
    attempt('one', '2026-11-20T08:00:00Z', { overall_score: 85, attempt_class: 'incomplete' }),
    attempt('two', '2026-11-21T08:00:00Z', { overall_score: null, attempt_class: 'no_speech' }),
    attempt('three', '2026-11-22T08:00:00Z', { overall_score: 85 }),
  ])
  const entries = within(card('My attempts')).getAllByRole('listitem')
  expect(entries.map((entry) => entry.textContent)).toEqual([
    expect.stringMatching(/^85 good/),
    expect.stringMatching(/^– not measured/),
    expect.stringMatching(/^85 part only/),
  ])
})

test('the charts have tables with the same data', async () => {
  const { container } = show()
  await waitFor(() => expect(container.querySelectorAll('svg.recharts-surface')).toHaveLength(4), CHARTS)
  const melody = screen.getByRole('table', { name: /Pitch direction and loudness/, hidden: true })
  expect(within(melody).getByRole('row', { name: /coffee level down/, hidden: true })).toBeTruthy()
  const timing = screen.getByRole('table', { name: /Length of each word/, hidden: true })
  expect(within(timing).getByRole('row', { name: /coffee 0.39 s 0.42 s/, hidden: true })).toBeTruthy()
  expect(screen.getByText("You match the actor's pace.")).toBeTruthy()
})

test('a click on a word redraws no chart', async () => {
  const { user, container } = show()
  await waitFor(() => expect(container.querySelectorAll('.recharts-wrapper')).toHaveLength(4), CHARTS)
  const charts = container.querySelectorAll('.recharts-wrapper')
  const changes: MutationRecord[] = []
  const observer = new MutationObserver((records) => changes.push(...records))
  charts.forEach((chart) => observer.observe(chart, { subtree: true, childList: true, attributes: true }))
  await user.click(word(/^coffee/))
  expect(screen.getByRole('heading', { name: '“coffee”' })).toBeTruthy()
  expect([...changes, ...observer.takeRecords()]).toEqual([])
  observer.disconnect()
})

test('a take of some words shows the scores of its details, and says that it is one', () => {
  const part = { first: 1, last: 2 }
  const none = { overall_score: null, pronunciation_score: null, intonation_score: null, emotion_score: null }
  const { container } = show({
    ...none,
    recorded_words: part,
    ...feedbackWith({ first_word: 1, words: realFeedback.words.slice(1, 3) }),
  })
  expect(container.textContent).toMatch(/^The result of “forty minutes” only\./)
  expect(card('How it went').textContent).toMatch(/Overall \d+ good/)
})

test('a take of some words has no score in the history', () => {
  const history = [
    attempt('whole', '2026-01-01T00:00:00Z'),
    attempt('part', '2026-01-02T00:00:00Z', { overall_score: null, recorded_words: { first: 1, last: 2 } }),
  ]
  show({ job_id: 'whole' }, history)
  expect(card('My attempts').textContent).toMatch(/Attempt 2 · some words/)
})

test('on a phone the verdict, one tip and the words come first, and the rest is folded', async () => {
  vi.spyOn(window, 'matchMedia').mockImplementation(
    (media) => Object.assign(new EventTarget(), { matches: media.includes('max-width'), media }) as MediaQueryList,
  )
  localStorage.removeItem('yousync.open.charts')
  const { container, user, unmount } = show()
  const tips = within(card('What to practise next')).getByRole('list')
  expect(within(tips).getAllByRole('listitem')).toHaveLength(1)
  expect(word(/^coffee/)).toBeTruthy()
  expect(screen.queryByRole('table', { name: /Length of each word/, hidden: true })).toBeNull()
  await user.click(screen.getByText('Melody, timing and more scores'))
  await waitFor(() => expect(container.querySelectorAll('svg.recharts-surface').length).toBeGreaterThan(1), CHARTS)
  unmount()
  show()
  expect(screen.getByRole('table', { name: /Length of each word/, hidden: true })).toBeTruthy()
})
