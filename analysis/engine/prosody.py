"""Pitch, energy and tempo of a take, and correlations between the contours of two takes."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from swift_f0 import SwiftF0

from analysis.engine.alignment import Span, WordTimes
from analysis.engine.audio import SAMPLE_RATE
from analysis.engine.recording_quality import Take

Floats = npt.NDArray[np.float64]

HOP_S: Final = 256 / SAMPLE_RATE
MODEL: Final = "swift-f0-0.3"
_VOICED: Final = 0.5
_FMIN_HZ: Final = 60.0
_FMAX_HZ: Final = 500.0
_POINTS_PER_WORD: Final = 6
_PAUSE_S: Final = 0.2
_FLOOR_DB: Final = -60.0
_FFT: Final = 512
_HOP: Final = 256
_PIECE: Final = 600
_OVERLAP: Final = 64


@dataclass(frozen=True)
class Track:
    """Contours over the whole recording, one value per 16 ms, float64 (frames,).

    Pitch in semitones re the median (NaN = unvoiced), energy in dB re the speech level; spectral tilt of the voiced
    parts in dB per octave.
    """

    pitch_st: Floats
    energy_db: Floats
    median_hz: float | None
    tilt_db_per_octave: float | None


class PitchTracker:
    """The loaded pitch model; one thread, so that results do not depend on the machine."""

    def __init__(self) -> None:
        self._model = SwiftF0(threads=1, spin=False)

    def track(self, take: Take) -> Track:
        """Measures the contours of a take, on the time axis of the uncut recording."""
        pitch_hz, confidence, loudness_db = self._detect(take.audio)
        voiced = confidence >= _VOICED
        median = float(np.median(pitch_hz[voiced])) if voiced.any() else None
        semitones = np.full(len(voiced), np.nan)
        if median:
            semitones[voiced] = 12 * np.log2(pitch_hz[voiced] / median)
            semitones = _without_octave_errors(semitones)
        # The speech level is -26 dBFS after levelling (0.05 RMS).
        energy = np.maximum(loudness_db + 26.0, _FLOOR_DB)
        frames = max(1, int(take.duration_s / HOP_S))
        lead = round(take.offset_s / HOP_S)
        return Track(
            pitch_st=_place(semitones, lead, frames, np.nan),
            energy_db=_place(energy, lead, frames, _FLOOR_DB),
            median_hz=median,
            tilt_db_per_octave=_tilt(take.audio, voiced),
        )

    def _detect(self, audio: npt.NDArray[np.float32]) -> tuple[Floats, Floats, Floats]:
        """Pitch in Hz, its confidence 0–1 and loudness in dB, every 16 ms.

        Long takes are processed in pieces that overlap by more than the model's receptive field: the same values,
        without two minutes of activations in memory.
        """
        count = len(audio) // _HOP
        parts = []
        for start in range(0, max(count, 1), _PIECE):
            low, high = max(0, start - _OVERLAP), min(count, start + _PIECE + _OVERLAP)
            piece = audio[low * _HOP : high * _HOP if high < count else len(audio)]
            found = self._model.detect(piece, SAMPLE_RATE, _FMIN_HZ, _FMAX_HZ)
            wanted = slice(start - low, start - low + _PIECE)
            parts.append((found.pitch_hz[wanted], found.confidence[wanted], found.loudness_db[wanted]))
        pitch_hz, confidence, loudness_db = (np.concatenate(values) for values in zip(*parts, strict=True))
        return pitch_hz, confidence, loudness_db


def _without_octave_errors(semitones: Floats) -> Floats:
    """Drops frames that are no intonation: creak and clicks are detected an octave off.

    A voiced frame stays when it is within 14 st of the median, within 6 st of the median of its 15 voiced neighbours,
    and in a run of at least 4.
    """
    clean = semitones.copy()
    voiced = np.flatnonzero(np.isfinite(clean))
    padded = np.pad(clean[voiced], 7, mode="edge")
    local = np.median(np.lib.stride_tricks.sliding_window_view(padded, 15), axis=1)
    odd = (np.abs(clean[voiced] - local) > 6) | (np.abs(clean[voiced]) > 14)
    clean[voiced[odd]] = np.nan
    known = np.concatenate(([0], np.isfinite(clean).astype(np.int8), [0]))
    starts, stops = np.flatnonzero(np.diff(known) == 1), np.flatnonzero(np.diff(known) == -1)
    for start, stop in zip(starts, stops, strict=True):
        if stop - start < 4:
            clean[start:stop] = np.nan
    return clean


def _place(values: Floats, lead: int, frames: int, empty: float) -> Floats:
    """Values placed `lead` frames into `frames` frames, with `empty` around them; a negative lead cuts them."""
    whole = np.full(frames, empty)
    values, lead = values[max(0, -lead) :], max(0, lead)
    fitting = values[: max(0, frames - lead)]
    whole[lead : lead + len(fitting)] = fitting
    return whole


def _tilt(audio: npt.NDArray[np.float32], voiced: npt.NDArray[np.bool_]) -> float | None:
    """Slope of the long-term average spectrum between 200 Hz and 5 kHz over voiced frames, dB per octave."""
    hops = np.flatnonzero(voiced) * 256
    hops = hops[hops + _FFT <= len(audio)]
    if len(hops) < 10:
        return None
    power = np.zeros(_FFT // 2 + 1)
    for block in np.array_split(hops, len(hops) // 500 + 1):
        frames = audio[block[:, None] + np.arange(_FFT)].astype(np.float64) * np.hanning(_FFT)
        power += np.square(np.abs(np.fft.rfft(frames, axis=1))).sum(axis=0) / len(hops)
    hertz = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)
    band = (hertz >= 200) & (hertz <= 5000)
    return float(np.polyfit(np.log2(hertz[band]), 10 * np.log10(power[band] + 1e-12), 1)[0])


def sample_words(values: Floats, words: Sequence[WordTimes | None]) -> Floats:
    """Samples a contour at six points per word, (words, 6); NaN without the word or without a value within 48 ms."""
    points = np.full((len(words), _POINTS_PER_WORD), np.nan)
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return points
    for index, word in enumerate(words):
        if word is None:
            continue
        at = np.linspace(word.span.start_s, word.span.end_s, _POINTS_PER_WORD * 2 + 1)[1::2] / HOP_S
        nearest = known[np.clip(np.searchsorted(known, at), 0, len(known) - 1)]
        before = known[np.clip(np.searchsorted(known, at) - 1, 0, len(known) - 1)]
        gap = np.minimum(np.abs(nearest - at), np.abs(before - at))
        points[index] = np.where(gap <= 3, np.interp(at, known, values[known]), np.nan)
    return points


def correlation(first: Floats, second: Floats, minimum: int = 8) -> float | None:
    """Pearson r over the places where both are known; null with fewer than `minimum` of them or without variation."""
    both = np.isfinite(first) & np.isfinite(second)
    a, b = first[both], second[both]
    if len(a) < minimum or a.std() < 1e-9 or b.std() < 1e-9:
        return None
    return float(np.clip(np.corrcoef(a, b)[0, 1], -1.0, 1.0))


def spread(values: Floats, low: float = 10, high: float = 90) -> float | None:
    """Distance between two percentiles of the known values; null with fewer than eight of them."""
    known = values[np.isfinite(values)]
    if len(known) < 8:
        return None
    return float(np.percentile(known, high) - np.percentile(known, low))


def pauses(words: Sequence[WordTimes | None]) -> list[Span]:
    """Silences of at least 0.2 s between spoken words."""
    spoken = [word for word in words if word is not None]
    gaps = [Span(a.span.end_s, b.span.start_s) for a, b in itertools.pairwise(spoken)]
    return [gap for gap in gaps if gap.length_s >= _PAUSE_S]


def words_per_s(words: Sequence[WordTimes | None]) -> float | None:
    """Words per second from the first to the last spoken word; null with fewer than two."""
    spoken = [word for word in words if word is not None]
    if len(spoken) < 2:
        return None
    length = spoken[-1].span.end_s - spoken[0].span.start_s
    return len(spoken) / length if length > 0 else None


def phones_per_s(words: Sequence[WordTimes | None]) -> float | None:
    """Articulation rate: phones per second of speech, without pauses."""
    spoken = [word for word in words if word is not None]
    length = sum(word.span.length_s for word in spoken)
    return sum(len(word.phones) for word in spoken) / length if length > 0 else None
