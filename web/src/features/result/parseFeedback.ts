import type {
  AddedWord,
  Contours,
  InsertedSound,
  Measured,
  Phone,
  Rates,
  SubScores,
  Tip as WireTip,
  WordPitch,
  WordResult,
  WordStress,
} from '@/api/feedback'
import { gradeOf } from '@/lib/scores'
import { LANGUAGE_CODES, type Language } from '@/locales/languages'

/**
 * `detailed_feedback`, validated: it may come from another analysis server, or an older version. Missing or malformed
 * values become null or an empty list, and the page leaves out the part that shows them.
 */
export interface Feedback {
  scores: Partial<Record<keyof SubScores, Measured>>
  words: Word[]
  insertions: InsertedSound[]
  addedWords: AddedWord[]
  contours: ParsedContours | null
  rates: Rates
  tips: Tip[]
  isReferenceUsable: boolean
}

export type Sound = Omit<Phone, 'score'> & { score: number | null }
export type Status = WordResult['status'] | 'unmeasured'
export type Word = Omit<WordResult, 'phones' | 'pitch' | 'stress' | 'status'> & {
  phones: Sound[]
  pitch: WordPitch | null
  stress: WordStress | null
  status: Status
}
export type Tip = Pick<WireTip, 'code' | 'word' | 'phone'> & { texts: Partial<Record<Language, string>> }
export type Direction = NonNullable<WordPitch['user']>
export type Pair = [number, number]
export type ParsedContours = Omit<Contours, 'warp' | 'user_energy_db' | 'reference_energy_db'> & {
  user_energy_db: (number | null)[]
  reference_energy_db: (number | null)[] | null
  timePairs: Pair[]
}

type JsonObject = Record<string, unknown>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const object = (value: unknown): JsonObject => (isObject(value) ? value : {})
const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
const numbers = (value: unknown): (number | null)[] => (Array.isArray(value) ? value.map(number) : [])
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const bool = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

function numberUpTo(value: unknown, max: number): number | null {
  const known = number(value)
  return known !== null && known >= 0 && known <= max ? known : null
}

export const scoreOf = (value: unknown) => numberUpTo(value, 100)

function oneOf<T extends string>(value: unknown, ...allowed: T[]): T | null {
  return allowed.find((item) => item === value) ?? null
}

const direction = (value: unknown) => oneOf(value, 'rise', 'fall', 'flat')

export function parseFeedback(value: unknown): Feedback {
  const raw = object(value)
  const rates = object(raw.rates)
  const words = objects(raw.words).flatMap(parseWord)
  return {
    scores: Object.fromEntries(Object.entries(object(raw.scores)).map(([name, item]) => [name, parseMeasured(item)])),
    words,
    insertions: objects(raw.insertions).flatMap(parseInsertion),
    addedWords: objects(raw.added_words).flatMap((added) => parseAddedWord(added, words.length)),
    contours: parseContours(raw.contours),
    rates: {
      words_per_s: number(rates.words_per_s),
      reference_words_per_s: number(rates.reference_words_per_s),
      ratio: number(rates.ratio),
    },
    tips: objects(raw.tips).flatMap(parseTip),
    isReferenceUsable: !(Array.isArray(raw.notes) && raw.notes.some((note) => String(note).startsWith('reference_'))),
  }
}

function parseMeasured(value: unknown): Measured {
  const { value: score, confidence } = object(value)
  return { value: scoreOf(score), confidence: numberUpTo(confidence, 1) }
}

function parseWord(raw: JsonObject): Word[] {
  const word = text(raw.text)
  if (!word) return []
  const score = scoreOf(raw.score)
  const phones = objects(raw.phones).flatMap(parseSound)
  const { breaks, pitch, stress } = raw
  const length = isObject(breaks) ? number(breaks.length_s) : null
  return [
    {
      text: word,
      start_s: number(raw.start_s),
      end_s: number(raw.end_s),
      ref_start_s: number(raw.ref_start_s),
      ref_end_s: number(raw.ref_end_s),
      score,
      confidence: numberUpTo(raw.confidence, 1),
      status: parseStatus(raw.status, score, phones),
      phones,
      breaks: length === null ? null : { length_s: length, unexpected: object(breaks).unexpected === true },
      pitch: isObject(pitch) ? parsePitch(pitch) : null,
      stress: isObject(stress) ? parseStress(stress) : null,
    },
  ]
}

/** The status of the result. A word with a flagged sound is at most fair; results before schema 1.2 may differ. */
function parseStatus(value: unknown, score: number | null, phones: Sound[]): Status {
  const status = oneOf(value, 'good', 'fair', 'poor', 'omitted') ?? gradeOf(score) ?? 'unmeasured'
  return status === 'good' && phones.some(({ flagged }) => flagged) ? 'fair' : status
}

function parsePitch(raw: JsonObject): WordPitch {
  return {
    user: direction(raw.user),
    reference: direction(raw.reference),
    user_st: number(raw.user_st),
    reference_st: number(raw.reference_st),
  }
}

function parseStress(raw: JsonObject): WordStress {
  return {
    user: bool(raw.user),
    reference: bool(raw.reference),
    user_z: number(raw.user_z),
    reference_z: number(raw.reference_z),
  }
}

function parseSound(raw: JsonObject): Sound[] {
  const expected = text(raw.expected)
  const ipa = text(raw.ipa) ?? expected?.toLowerCase()
  if (!expected || !ipa) return []
  const heard = text(raw.heard_as)
  return [
    {
      expected,
      ipa,
      heard_as: heard,
      heard_ipa: text(raw.heard_ipa) ?? heard?.toLowerCase() ?? null,
      score: scoreOf(raw.score),
      start_s: number(raw.start_s),
      end_s: number(raw.end_s),
      flagged: raw.flagged === true,
    },
  ]
}

function parseInsertion(raw: JsonObject): InsertedSound[] {
  const word = number(raw.word)
  const position = number(raw.position)
  const phone = text(raw.phone)
  if (word === null || position === null || !phone) return []
  return [
    {
      word,
      position,
      phone,
      ipa: text(raw.ipa) ?? phone.toLowerCase(),
      confidence: numberUpTo(raw.confidence, 1) ?? 0,
    },
  ]
}

function parseAddedWord(raw: JsonObject, wordCount: number): AddedWord[] {
  const after = number(raw.after_word)
  const [start, end] = [number(raw.start_s), number(raw.end_s)]
  if (after === null || after < -1 || after >= wordCount || start === null || end === null || end <= start) return []
  const repeats = numberUpTo(raw.repeats, wordCount - 1)
  return [{ after_word: after, start_s: start, end_s: end, heard_ipa: text(raw.heard_ipa) ?? '', repeats }]
}

function parseContours(value: unknown): ParsedContours | null {
  const raw = object(value)
  const hop = number(raw.hop_s)
  const mine = numbers(raw.user_st)
  if (!hop || hop <= 0 || mine.length === 0) return null
  return {
    hop_s: hop,
    user_st: mine,
    reference_st: Array.isArray(raw.reference_st) ? numbers(raw.reference_st) : null,
    user_energy_db: numbers(raw.user_energy_db),
    reference_energy_db: Array.isArray(raw.reference_energy_db) ? numbers(raw.reference_energy_db) : null,
    timePairs: (Array.isArray(raw.warp) ? raw.warp : []).flatMap(parsePair),
  }
}

function parsePair(value: unknown): Pair[] {
  const [user, reference] = numbers(value)
  return user != null && reference != null ? [[user, reference]] : []
}

function parseTip(raw: JsonObject): Tip[] {
  const texts: Tip['texts'] = {}
  // Results from before tips had `texts` hold them beside the other fields.
  const byLanguage = isObject(raw.texts) ? raw.texts : raw
  for (const language of LANGUAGE_CODES) {
    const translated = text(byLanguage[language])
    if (translated) texts[language] = translated
  }
  if (Object.keys(texts).length === 0) return []
  return [{ code: text(raw.code) ?? '', word: text(raw.word), phone: text(raw.phone), texts }]
}
