import { Scissors } from 'lucide-react'
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnalysisResultResponse, TokenDetail } from '@/api'
import type { AddedWord } from '@/api/feedback'
import { PhoneFold } from '@/components/PhoneFold'
import { Playhead } from '@/features/audio/playhead'
import type { WaveformHandle } from '@/features/audio/Waveform'
import { anchorOf } from './AddedWords'
import { SubScores } from './SubScores'
import type { Feedback, Word } from './parseFeedback'
import { countSaid, MIN_ADDED_CONFIDENCE } from './grades'
import { PitchChart } from './PitchChart'
import { overlay } from './overlay'
import { Scores } from './Scores'
import { WordStrip, wordId } from './WordStrip'
import { TimingChart } from './TimingChart'
import { Tips, wordOf } from './Tips'
import { WordDetail } from './WordDetail'

type Voice = 'mine' | 'actor'

/** Added before and after a word: cut exactly at its edges it sounds clipped. */
const PAD_S = 0.03
const KEYS: Record<string, Voice> = { m: 'mine', a: 'actor' }

interface Props {
  result: AnalysisResultResponse
  line: TokenDetail
  feedback: Feedback
  /** Shown after the scores. */
  children?: ReactNode
}

/** A take with scores, around one selected word. */
export function Scored({ result, line, feedback, children }: Props) {
  const { t } = useTranslation()
  const { words, insertions, addedWords } = feedback
  const selection = useSelectedWord(feedback)
  const { chart, playhead, movePlayhead } = usePlayhead(feedback)
  const { selected, setSelected, play, playAdded, mineHandle, actorHandle } = selection
  const word = words[selected]
  return (
    <div className="grid gap-4 *:min-w-0 @4xl:grid-cols-12 @4xl:gap-6" onKeyDown={selection.onKeyDown}>
      {result.recorded_words && (
        <p className="rounded-xl bg-raised px-4 py-3 text-sm @4xl:col-span-12">
          {t('result.scores.part', { words: words.map(({ text }) => text).join(' ') })}
        </p>
      )}
      {result.attempt_class === 'incomplete' && <Incomplete words={words} />}
      <Scores className="@4xl:col-span-7" result={result} feedback={feedback} />
      <Tips className="@4xl:col-span-5" tips={feedback.tips} words={words} onWord={selection.focusWord} />
      {children && <div className="@4xl:col-span-12">{children}</div>}
      {word && (
        <>
          <WordStrip
            className="@4xl:col-span-7"
            language={line.script.language}
            {...{ words, addedWords, selected, mineHandle, actorHandle }}
            onSelect={setSelected}
            onPlay={play}
            onPlayAdded={playAdded}
            mineUrl={result.user_audio_url}
            actorUrl={line.audio_url}
            onTime={movePlayhead}
          />
          <WordDetail
            className="@4xl:sticky @4xl:top-20 @4xl:col-span-5 @4xl:self-start"
            word={word}
            language={line.script.language}
            added={insertions.filter((sound) => sound.word === selected && sound.confidence >= MIN_ADDED_CONFIDENCE)}
            addedWords={addedWords.filter((added) => anchorOf(added) === selected)}
          />
        </>
      )}
      <PhoneFold name="charts" title={t('result.charts')}>
        {chart && (
          <PitchChart className="@4xl:col-span-12" {...{ chart, words, selected, playhead }} onSelect={setSelected} />
        )}
        <TimingChart className="@4xl:col-span-7" words={words} selected={selected} rates={feedback.rates} />
        <SubScores className="@4xl:col-span-5" feedback={feedback} kind={result.attempt_class} />
      </PhoneFold>
    </div>
  )
}

/** The selected word, and playing it by button or key. */
function useSelectedWord(feedback: Feedback) {
  const { words } = feedback
  const [selected, setSelected] = useState(() => initialWord(feedback))
  const mineHandle = useRef<WaveformHandle>(null)
  const actorHandle = useRef<WaveformHandle>(null)

  function playSpan(voice: Voice, from: number | null, to: number | null) {
    if (from === null || to === null) return
    const handle = voice === 'mine' ? mineHandle : actorHandle
    handle.current?.play(Math.max(from - PAD_S, 0), to + PAD_S)
  }

  function play(voice: Voice, index: number) {
    setSelected(index)
    playSpan(voice, ...timesOf(voice, words[index]))
  }

  function playAdded(added: AddedWord) {
    setSelected(anchorOf(added))
    playSpan('mine', added.start_s, added.end_s)
  }

  function onKeyDown(event: KeyboardEvent) {
    const voice = KEYS[letterOf(event)]
    if (!voice || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    event.preventDefault()
    play(voice, selected)
  }

  function focusWord(index: number) {
    setSelected(index)
    document.getElementById(wordId(index))?.focus()
  }

  return { selected, setSelected, play, playAdded, onKeyDown, focusWord, mineHandle, actorHandle }
}

/** The data of the pitch chart, and the line in it that follows what is playing. */
function usePlayhead({ contours, words }: Feedback) {
  const playhead = useRef<HTMLDivElement>(null)
  const [mover] = useState(() => new Playhead())
  const chart = useMemo(() => contours && overlay(contours, words), [contours, words])

  function movePlayhead(voice: Voice, seconds: number, speed: number) {
    if (!chart || !playhead.current) return
    const { range, toMine } = chart
    const length = range.to - range.from
    const position = ((voice === 'mine' ? seconds : toMine(seconds)) - range.from) / length
    mover.follow(playhead.current, position, speed / length)
    playhead.current.style.opacity = position >= 0 && position <= 1 ? '0.6' : '0'
  }

  return { chart, playhead, movePlayhead }
}

function timesOf(voice: Voice, word: Word | undefined) {
  if (!word) return [null, null] as const
  return voice === 'mine' ? ([word.start_s, word.end_s] as const) : ([word.ref_start_s, word.ref_end_s] as const)
}

/** The Latin letter of the key, also in a Korean keyboard layout, where A types ㅁ. */
function letterOf(event: KeyboardEvent): string {
  return /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace(/^Key/, '').toLowerCase()
}

/** The index of the word of the first tip, or of the word with the lowest score. */
function initialWord({ tips, words }: Feedback): number {
  const named = tips.map((tip) => wordOf(tip, words)).find((index) => index !== null)
  if (named !== undefined) return named
  const scores = words.map((word) => word.score ?? 100)
  return Math.max(scores.indexOf(Math.min(...scores)), 0)
}

/** The first verdict on an incomplete take: a part of the line is missing, and how much. */
function Incomplete({ words }: { words: Word[] }) {
  const { t } = useTranslation()
  const { said, count } = countSaid(words)
  return (
    <div className="flex items-start gap-3 rounded-2xl border border-fair/50 bg-fair/8 p-5 @4xl:col-span-12">
      <Scissors aria-hidden className="mt-1 size-5 shrink-0 text-fair" />
      <div>
        <h2 className="font-bold">{t('result.unscored.incomplete.title')}</h2>
        <p>
          {said < count && <strong>{t('result.scores.missing', { said, count })}</strong>} {t('result.scores.partly')}
        </p>
      </div>
    </div>
  )
}
