/** A word of the line or of what was typed, marked. */
export interface Mark {
  kind: 'right' | 'wrong' | 'missing' | 'extra'
  /** The word of the line; null if something was typed that is not in it. */
  expected: string | null
  /** What was typed for it; null if it is missing. */
  typed: string | null
}

const APOSTROPHES = /['’‘ʼ′`´＇]/gu

/** Splits a text into words as its language does; hyphens and other punctuation divide words, apostrophes do not. */
export function wordsIn(text: string, language: string): string[] {
  const plain = text.replace(APOSTROPHES, "'").normalize('NFKC')
  const segments = new Intl.Segmenter(language, { granularity: 'word' }).segment(plain)
  return [...segments].flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []))
}

/** What two words are compared by: case, apostrophes, full stops inside, and accents of Latin letters do not count. */
function normalize(word: string): string {
  return word
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{Mn}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '')
}

/** The number of letters to change, add or leave out. */
function editDistance(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [i, letter] of left.entries()) {
    const next = [i + 1]
    for (const [j, other] of right.entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** 0 for equal words, up to just below 2 (one missing and one extra) for words without a common letter. */
function replacementCost(expected: string, typed: string): number {
  if (expected === typed) return 0
  return 0.5 + 1.4 * (editDistance(expected, typed) / Math.max(expected.length, typed.length, 1))
}

/** The costs of aligning the first i expected words with the first j typed ones. */
function alignmentCosts(expected: readonly string[], typed: readonly string[]): number[][] {
  const costs = Array.from({ length: expected.length + 1 }, () => new Array<number>(typed.length + 1).fill(0))
  for (let i = 0; i <= expected.length; i++) {
    for (let j = 0; j <= typed.length; j++) {
      if (i > 0 || j > 0) costs[i]![j] = Math.min(...stepCosts(costs, expected, typed, i, j))
    }
  }
  return costs
}

/** The costs of the ways to (i, j): both words, an expected word alone, a typed word alone. */
function stepCosts(
  costs: readonly number[][],
  expected: readonly string[],
  typed: readonly string[],
  i: number,
  j: number,
): [both: number, missing: number, extra: number] {
  const cost = (row: number, column: number) => costs[row]?.[column] ?? Infinity
  const [a, b] = [expected[i - 1], typed[j - 1]]
  const both = a === undefined || b === undefined ? Infinity : cost(i - 1, j - 1) + replacementCost(a, b)
  return [both, cost(i - 1, j) + 1, cost(i, j - 1) + 1]
}

/** Marks what was typed against the line, word by word. */
export function markDictation(line: string, typed: string, language: string): Mark[] {
  const [expectedWords, typedWords] = [wordsIn(line, language), wordsIn(typed, language)]
  const [expected, given] = [expectedWords.map(normalize), typedWords.map(normalize)]
  const costs = alignmentCosts(expected, given)
  const marks: Mark[] = []
  let [i, j] = [expected.length, given.length]
  while (i > 0 || j > 0) {
    const [both, missing] = stepCosts(costs, expected, given, i, j)
    const best = costs[i]?.[j]
    if (both === best) {
      i--
      j--
      const kind = expected[i] === given[j] ? 'right' : 'wrong'
      marks.unshift({ kind, expected: expectedWords[i] ?? null, typed: typedWords[j] ?? null })
    } else if (missing === best) {
      i--
      marks.unshift({ kind: 'missing', expected: expectedWords[i] ?? null, typed: null })
    } else {
      j--
      marks.unshift({ kind: 'extra', expected: null, typed: typedWords[j] ?? null })
    }
  }
  return marks
}
