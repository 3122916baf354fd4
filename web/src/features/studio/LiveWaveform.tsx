interface Props {
  isBusy: boolean
  setBox: (box: HTMLElement | null) => void
}

/** What the microphone hears. The box stays in the page, since the waveform needs its width before it is shown. */
export function LiveWaveform({ isBusy, setBox }: Props) {
  return <div ref={setBox} aria-hidden className={isBusy ? 'h-16' : 'h-0 overflow-hidden'} />
}
