"""Quality of a recording: speech, noise, clipping; and the cut to its speech."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import webrtcvad

from analysis.engine import speech_region
from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.engine.speech_region import Region

Mask = npt.NDArray[np.bool_]

_FRAME: Final = 480  # 30 ms: the longest frame webrtcvad takes, and its steadiest
_VAD_MODE: Final = 2
_FULL_SCALE: Final = 0.985
# The level the acoustic model was measured at; its posteriors move when the level does.
_TARGET_RMS: Final = 0.05
_NOISE_RMS: Final = _TARGET_RMS * 10 ** (-50 / 20)
_SILENCE_RMS: Final = 1e-4
_MARGIN_S: Final = 0.3
# Frames on both sides of the sound that stands out: those that count as its soft beginning or end, and those about
# which the detector decides.
_SOFT_FRAMES: Final = 5
_SLACK_FRAMES: Final = 16
# Speech that is closer than this to an end of the recording was probably cut there.
_EDGE_S: Final = 0.06
# Amplitude statistic of speech in Gaussian noise → SNR in dB (see `_wada_snr_db`).
_WADA: Final = (
    (0.412, 0.424, 0.462, 0.489, 0.524, 0.566, 0.614, 0.668, 0.725, 0.783, 0.842, 0.9, 0.956, 1.085, 1.195, 1.358),
    (-10.0, -5.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 25.0, 30.0, 40.0),
)
# Reach of a phone's own frames before and after its peak, and the shortest time outside that is worth measuring.
_BEFORE_S: Final = 0.2
_AFTER_S: Final = 0.3
_MIN_OUTSIDE_S: Final = 0.1
# Cuts fall on a common multiple of the pitch hop (256 samples) and the posterior frame (320).
_GRID: Final = 1280


@dataclass(frozen=True)
class Take:
    """A recording cut to its speech (± 0.3 s) and brought to one level; `offset_s` is the start of the cut.

    `audio` is float32 (samples,) at 16 kHz. `snr_db` compares speech with pauses; `wada_snr_db` counts other voices
    behind the speaker as noise, too.

    The margins are always there: a recording that starts in mid-word gets a faint noise in front, and its offset
    is negative. So a second of silence more or less at either end changes nothing that is measured.
    """

    audio: Audio
    offset_s: float
    duration_s: float
    speech_s: float
    snr_db: float | None
    clipping_ratio: float
    wada_snr_db: float | None = None
    truncated: bool = False

    @property
    def cut_before(self) -> bool:
        """True where the recording begins in mid-speech: its first sound may be cut."""
        return self.offset_s <= _EDGE_S - _MARGIN_S

    @property
    def cut_after(self) -> bool:
        """True where the recording ends in mid-speech: its last sound may be cut."""
        return self.offset_s + len(self.audio) / SAMPLE_RATE - self.duration_s >= _MARGIN_S - _EDGE_S

    @property
    def speech_ratio(self) -> float:
        """Time with speech / duration of the whole recording, 0–1."""
        return min(1.0, self.speech_s / self.duration_s) if self.duration_s > 0 else 0.0


def examine(audio: Audio) -> Take:
    """Measures a 16 kHz mono recording in [-1, 1] and cuts it to its speech.

    Only the region around the speech is measured, so that a long room in front of or behind the line changes nothing.
    """
    region = speech_region.find(audio)
    take = _examine(audio[region.start : region.stop], region)
    return replace(take, offset_s=take.offset_s + region.start / SAMPLE_RATE, duration_s=len(audio) / SAMPLE_RATE)


def _examine(audio: Audio, region: Region) -> Take:
    """Measures the part of a recording within a region, and counts its times from there."""
    duration_s = len(audio) / SAMPLE_RATE
    clipping = float(np.mean(np.abs(audio) >= _FULL_SCALE)) if len(audio) else 0.0
    centred = audio - audio.mean(dtype=np.float64).astype(np.float32) if len(audio) else audio
    speech = _speech_frames(centred)
    if not speech.any():
        return Take(centred, 0.0, duration_s, 0.0, None, clipping)
    speech = _within(speech, region)
    level = _rms(_frames(centred)[speech])
    start, stop = _bounds(speech)
    margin = int(_MARGIN_S * SAMPLE_RATE)
    inside = centred[max(0, start) : stop] * (_TARGET_RMS / level)
    before, after = max(0, -start), max(0, stop - len(audio))
    levelled = np.clip(np.pad(inside, (before, after)) + _faint_noise(stop - start), -1.0, 1.0).astype(np.float32)
    return Take(
        audio=levelled,
        offset_s=start / SAMPLE_RATE,
        duration_s=duration_s,
        speech_s=float(speech.sum()) * _FRAME / SAMPLE_RATE,
        snr_db=_snr_db(centred, speech),
        clipping_ratio=clipping,
        wada_snr_db=_wada_snr_db(centred[max(0, start + margin) : stop - margin]),
    )


def snr_around(take: Take, peaks_s: Sequence[float]) -> float | None:
    """Level within the line over the level before it, after it and in its long pauses, in dB.

    `peaks_s` are the peaks of the line's phones in seconds of the take. Null without phones, or with less than 0.1 s
    outside the line.
    """
    if not peaks_s:
        return None
    hop = SAMPLE_RATE // 100
    frames = take.audio[: len(take.audio) // hop * hop].reshape(-1, hop)
    power = np.mean(np.square(frames, dtype=np.float64), axis=1)
    middle = (np.arange(len(power)) + 0.5) / 100
    outside = (middle < peaks_s[0] - _BEFORE_S) | (middle > peaks_s[-1] + _AFTER_S)
    for earlier, later in itertools.pairwise(peaks_s):
        outside |= (middle > earlier + _AFTER_S) & (middle < later - _BEFORE_S)
    inside = (middle > peaks_s[0] - 0.05) & (middle < peaks_s[-1] + 0.1)
    if outside.sum() < 100 * _MIN_OUTSIDE_S or not inside.any():
        return None
    return float(10 * np.log10((power[inside].mean() + 1e-12) / (power[outside].mean() + 1e-12)))


def _within(speech: Mask, region: Region) -> Mask:
    """Speech flags that begin and end near the sound of the region, on a side where it was cut.

    The detector takes the first second of a steady noise for speech, and misses soft beginnings and ends in it.
    """
    kept = speech.copy()
    if region.first is not None:
        first = (region.first - region.start) // _FRAME
        kept[: max(0, first - _SLACK_FRAMES)] = False
        kept[max(0, first - _SOFT_FRAMES)] = True
    if region.last is not None:
        last = (region.last - region.start) // _FRAME
        kept[last + _SLACK_FRAMES :] = False
        kept[min(last + _SOFT_FRAMES, len(kept)) - 1] = True
    return kept


def _frames(audio: Audio) -> Audio:
    return audio[: len(audio) // _FRAME * _FRAME].reshape(-1, _FRAME)


def _rms(frames: Audio) -> float:
    return float(np.sqrt(np.mean(np.square(frames, dtype=np.float64))))


def _speech_frames(audio: Audio) -> Mask:
    """Speech flags, one per 30 ms. The level is normalised first, so that a quiet microphone is not silence."""
    frames = _frames(audio)
    if not len(frames):
        return np.zeros(0, dtype=bool)
    loudness = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1))
    loud = float(np.quantile(loudness, 0.95))
    if loud < _SILENCE_RMS:
        return np.zeros(len(frames), dtype=bool)
    pcm = (np.clip(frames * (2 * _TARGET_RMS / loud), -1.0, 1.0) * 32767).astype("<i2")
    vad = webrtcvad.Vad(_VAD_MODE)
    flags = np.array([vad.is_speech(frame.tobytes(), SAMPLE_RATE) for frame in pcm])
    flags &= loudness > loud * 10 ** (-35 / 20)
    return _without_blips(flags)


def _without_blips(flags: Mask) -> Mask:
    """Drops single clicks: at least three frames in five must be speech."""
    density = np.convolve(np.pad(flags.astype(np.float64), 2), np.ones(5), mode="valid")
    kept: Mask = flags & (density >= 3)
    return kept


def _bounds(speech: Mask) -> tuple[int, int]:
    """First and last sample of the cut; may lie outside the recording."""
    where = np.flatnonzero(speech)
    margin = int(_MARGIN_S * SAMPLE_RATE)
    start = (int(where[0]) * _FRAME - margin) // _GRID * _GRID
    return start, (int(where[-1]) + 1) * _FRAME + margin


def _faint_noise(samples: int) -> Audio:
    """The same noise every time, 50 dB below speech: digital silence unsettles models trained on rooms."""
    return np.random.default_rng(0).normal(scale=_NOISE_RMS, size=samples).astype(np.float32)


def _snr_db(audio: Audio, speech: Mask) -> float | None:
    """Speech level over noise level in dB; null when no frame can serve as noise.

    Noise is the quieter half of the pauses; without 0.15 s of pause (steady noise counts as speech) it is the
    quietest tenth of the frames, which between syllables is mostly the room.
    """
    power = np.mean(np.square(_frames(audio), dtype=np.float64), axis=1)
    audible = power > 1e-12
    pauses = np.sort(power[~speech & audible])
    if len(pauses) >= 5:
        noise = float(pauses[: max(1, len(pauses) // 2)].mean())
    elif audible.sum() >= 20:
        noise = float(np.quantile(power[audible], 0.1))
    else:
        return None
    signal = max(float(power[speech].mean()) - noise, 1e-12)
    return float(np.clip(10 * np.log10(signal / max(noise, 1e-12)), -10.0, 60.0))


def _wada_snr_db(speech: Audio) -> float | None:
    """Blind SNR in dB from the distribution of amplitudes; null with less than 0.25 s of audible samples.

    ln E|x| − E ln|x| is 1.65 for speech (gamma, shape 0.4) and 0.41 for Gaussian noise, to which many simultaneous
    voices come close (Kim and Stern 2008, "Robust signal-to-noise ratio estimation based on waveform amplitude
    distribution analysis"; the table was computed by its model).
    """
    loudness = np.abs(speech.astype(np.float64))
    audible = loudness[loudness > 1e-4 * loudness.max(initial=0.0)]
    if len(audible) < SAMPLE_RATE // 4:
        return None
    statistic = float(np.log(audible.mean()) - np.log(audible).mean())
    return float(np.interp(statistic, *_WADA))
