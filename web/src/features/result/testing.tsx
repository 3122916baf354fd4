import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useImperativeHandle, type Ref } from 'react'
import { beforeEach, vi } from 'vitest'
import type { AnalysisResultResponse, Attempt, TokenDetail } from '@/api'
import type { DetailedFeedback } from '@/api/feedback'
import type { WaveformHandle } from '@/features/audio/Waveform'
import '@/lib/i18n'
import fixture from './fixture.json'
import { Result } from './Result'

const { playMock } = vi.hoisted(() => ({ playMock: vi.fn() }))

// jsdom has no sound.
vi.mock('@/features/audio/Waveform', () => ({
  Waveform: ({ voice, handle }: { voice: string; handle?: Ref<WaveformHandle> }) => {
    useImperativeHandle(handle, () => ({
      play: (from, to) => {
        playMock(voice, from, to)
      },
      pause: () => undefined,
      toggle: () => undefined,
    }))
    return <div>{voice} waveform</div>
  },
}))

/** The result of a real take. */
export const real = fixture as unknown as AnalysisResultResponse
export const realFeedback = fixture.detailed_feedback as unknown as DetailedFeedback
const translations: TokenDetail['translations'] = { ko: '레오, 40분이나 늦었어. 커피 다 식었잖아.' }
export const line = {
  id: 2,
  text: "You're forty minutes late, Leo. The coffee is freezing.",
  translations,
  audio_url: 'https://store.test/actor.flac',
  script: { language: 'en-US' },
} as TokenDetail

/** Renders a result that differs from the real one as said. */
export function show(
  result: Partial<AnalysisResultResponse> = {},
  history: Attempt[] = [],
  token: Partial<TokenDetail> = {},
) {
  const onChooseAttempt = vi.fn()
  const shown = render(
    <Result
      result={{ ...real, ...result }}
      line={{ ...line, ...token }}
      history={history}
      onChooseAttempt={onChooseAttempt}
    />,
  )
  return { ...shown, onChooseAttempt, user: userEvent.setup() }
}

export function feedbackWith(change: Record<string, unknown>) {
  return { detailed_feedback: { ...real.detailed_feedback, ...change } }
}

export const word = (name: RegExp) => within(screen.getByRole('toolbar')).getByRole('button', { name })
export const card = (title: string) => screen.getByRole('heading', { name: title, level: 2 }).closest('section')!

beforeEach(() => {
  playMock.mockClear()
  // Charts are only drawn in a container that has a size.
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue({ width: 600, height: 240 } as DOMRect)
})

export { playMock }
