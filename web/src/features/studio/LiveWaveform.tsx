interface Props {
  isBusy: boolean
  setBox: (box: HTMLElement | null) => void
}

/** The live waveform. The box stays mounted, since the waveform needs its width before it is shown. */
export function LiveWaveform({ isBusy, setBox }: Props) {
  return <div ref={setBox} aria-hidden className={isBusy ? 'h-16' : 'h-0 overflow-hidden'} />
}
