import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import i18n from '@/lib/i18n'
import { card, feedbackWith, playMock, realFeedback, show, word } from './testing'

test('completeness stands beside the other scores, with the number of words', () => {
  show()
  expect(card('How it went').textContent).toMatch(/Words said 9 of 9 words good100/)
  expect(card('A closer look').textContent).not.toMatch(/Words said/)
})

/** The first two of nine words, said perfectly. */
const incomplete = {
  attempt_class: 'incomplete',
  overall_score: 21,
  pronunciation_score: 97,
  intonation_score: 95,
  emotion_score: 94,
  ...feedbackWith({
    scores: {
      ...realFeedback.scores,
      fluency: { value: 96, confidence: 0.8 },
      completeness: { value: 22.2, confidence: 0.8 },
    },
    words: realFeedback.words.map((word, index) => (index < 2 ? word : { ...word, score: null, status: 'omitted' })),
  }),
} as const

test('an incomplete attempt says first how much is missing, and no score of it looks good', () => {
  const { container } = show(incomplete)
  expect(screen.getByRole('heading', { name: 'We only heard part of the line' })).toBeTruthy()
  expect(container.textContent).toMatch(/^We only heard part of the lineYou said 2 of the 9 words\./)
  const scores = card('How it went')
  expect(scores.textContent).toMatch(/Overall 21 2 of 9 words needs work/)
  expect(scores.textContent).toMatch(
    /Pronunciation part only97.*Fluency part only96.*Words said 2 of 9 words needs work22/,
  )
  for (const shown of [scores, card('A closer look')]) {
    expect(shown.textContent).not.toMatch(/good/)
    expect(shown.querySelector('[class*="good"], [fill="var(--good)"]')).toBeNull()
  }
})

test('an incomplete attempt is described in Korean, too', async () => {
  await i18n.changeLanguage('ko')
  try {
    const { container } = show(incomplete)
    expect(container.textContent).toMatch(/^대사의 일부만 들렸어요대사 9단어 중 2단어를 말했어요\./)
    expect(container.textContent).toMatch(/종합 21 9단어 중 2단어 연습 필요/)
    expect(container.textContent).toMatch(/발음 말한 부분만97/)
  } finally {
    await i18n.changeLanguage('en')
  }
})

/** A word with one flagged sound. */
const flaggedWord = (status: string | undefined, score: number) => ({
  text: 'late',
  score,
  status,
  phones: [{ expected: 'L', ipa: 'l', heard_as: 'R', heard_ipa: 'ɹ', score: 20, flagged: true }],
})

test.each(['good', undefined])('a flagged sound makes an old word with the status %s at most fair', (status) => {
  show(feedbackWith({ words: [flaggedWord(status, 88)], tips: [] }))
  expect(word(/^late fair/)).toBeTruthy()
  expect(word(/^late/).className).toMatch(/text-fair/)
  expect(card('“late”').textContent).toMatch(/Score 88 fair/)
})

test('the status of the result decides, not the score of the word', () => {
  show(feedbackWith({ words: [{ text: 'late', score: 95, status: 'poor', phones: [] }], tips: [] }))
  expect(word(/^late needs work/).className).toMatch(/text-poor/)
  const detail = card('“late”')
  expect(detail.textContent).toMatch(/Score 95 needs work/)
  expect(within(detail).getByText('95').className).toMatch(/text-poor/)
})

test('an omitted word is called the same in the strip and in its details', () => {
  show(feedbackWith({ words: [{ text: 'late', score: null, status: 'omitted', phones: [] }], tips: [] }))
  expect(word(/^late skipped/)).toBeTruthy()
  expect(card('“late”').textContent).toMatch(/Score – skipped/)
})

test('a weak word without a flagged sound is not said to be without fault', () => {
  const phones = [{ expected: 'L', ipa: 'l', heard_as: 'L', heard_ipa: 'l', score: 60, flagged: false }]
  show(feedbackWith({ words: [{ text: 'late', score: 65, status: 'fair', phones }], tips: [] }))
  expect(screen.queryByText('Nothing to correct in this word.')).toBeNull()
  expect(screen.getByText(/the word as a whole could be clearer/)).toBeTruthy()
})

test('added words stand at their place, without a score, and repeats are named', () => {
  show()
  const names = within(screen.getByRole('toolbar'))
    .getAllByRole('button')
    .map((button) => button.textContent.replace(/\s+/g, ' ').trim())
  expect(names[0]).toBe('/ʌm/ added')
  expect(names[1]).toMatch(/^You're/)
  expect(names[5]).toMatch(/^Leo/)
  expect(names[6]).toBe('“The” /ðə/ said twice')
  expect(names[7]).toMatch(/^The/)
})

test('an added word is played, and the details of its word have one line about it', async () => {
  const { user } = show()
  await user.click(word(/said twice/))
  expect(playMock).toHaveBeenLastCalledWith('mine', expect.closeTo(1.89), expect.closeTo(2.17))
  expect(card('“The”').textContent).toMatch(/You said this word twice: \/ðə\//)
  await user.click(word(/added/))
  expect(playMock).toHaveBeenLastCalledWith('mine', 0, expect.closeTo(0.15))
  expect(card("“You're”").textContent).toMatch(/Before this word we heard something.*: \/ʌm\//)
})

test('arrow keys reach added words, and Enter plays them', async () => {
  const { user } = show()
  word(/^Leo/).focus()
  await user.keyboard('{ArrowRight}')
  expect(document.activeElement).toBe(word(/said twice/))
  await user.keyboard('{Enter}')
  expect(playMock).toHaveBeenLastCalledWith('mine', expect.closeTo(1.89), expect.closeTo(2.17))
  await user.keyboard('{ArrowRight}')
  expect(document.activeElement).toBe(word(/^The/))
  await user.keyboard('{Home}')
  expect(document.activeElement).toBe(word(/added/))
})

test('speech after a word is named in the details of that word', () => {
  const added_words = [{ after_word: 8, start_s: 3.45, end_s: 3.6, heard_ipa: '', repeats: null }]
  show(feedbackWith({ added_words }))
  expect(card('“freezing”').textContent).toMatch(/After this word we heard something that is not in the line/)
})

test('a result of schema 1.1, without prosody and added words, is shown', () => {
  const old = { ...realFeedback, added_words: undefined, scores: { ...realFeedback.scores, prosody: undefined } }
  // As on the wire, where a key without a value does not exist.
  show({ detailed_feedback: JSON.parse(JSON.stringify(old)) as Record<string, unknown> })
  expect(card('A closer look').textContent).toMatch(/Rhythm.*97/)
  expect(card('A closer look').textContent).not.toMatch(/Prosody/)
  expect(within(screen.getByRole('toolbar')).getAllByRole('button')).toHaveLength(9)
})

test('prosody is one of the scores of the closer look', () => {
  show()
  expect(card('A closer look').textContent).toMatch(/Prosodystress, rhythm and intonation sound natural.*87/)
})
