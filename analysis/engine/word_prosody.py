"""Pitch direction and stress of single words, and their agreement with the reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine.alignment import WordTimes
from analysis.engine.prosody import HOP_S, Floats, Track
from analysis.engine.result import Direction, WordPitch, WordResult, WordStress
from analysis.engine.score_curves import rounded

# A glide of T seconds is perceived as a change of pitch from 0.32 / T semitones on, in connected speech ('t Hart,
# Collier & Cohen 1990, "A perceptual study of intonation"; the constant for running speech: Mertens 2004,
# "The Prosogram"). On long words that is less than listeners can distinguish: 1.5 st ('t Hart 1981).
_GLISSANDO_ST_S: Final = 0.32
_MIN_MOVEMENT_ST: Final = 1.5
_MIN_FRAMES: Final = 5
_PEAK: Final = 90
_STRESSED_Z: Final = 0.5
_MIN_WORDS: Final = 3
# Movements further apart than this have nothing in common.
_UNLIKE_ST: Final = 7.5


@dataclass(frozen=True)
class WordContour:
    """Pitch movement of a word (semitones over its voiced part) and its prominence (z-score within the line)."""

    movement_st: float | None
    direction: Direction | None
    prominence: float | None

    @property
    def stressed(self) -> bool | None:
        """True where the word stands out; about a third of the words of a line do. None without a prominence."""
        return None if self.prominence is None else self.prominence >= _STRESSED_Z


_NO_CONTOUR: Final = WordContour(None, None, None)


def measure(track: Track, words: Sequence[WordTimes | None]) -> list[WordContour]:
    """Measures every word of the line; all fields of an omitted word are None."""
    prominences = _prominences(track, words)
    found = []
    for word, prominence in zip(words, prominences, strict=True):
        movement, direction = _movement(track, word) if word else (None, None)
        found.append(WordContour(movement, direction, prominence))
    return found


def _movement(track: Track, word: WordTimes) -> tuple[float | None, Direction | None]:
    """Least-squares slope × length of the voiced part in semitones, and its perceived direction."""
    pitch = track.pitch_st[_frames(word)]
    voiced = np.flatnonzero(np.isfinite(pitch))
    if len(voiced) < _MIN_FRAMES:
        return None, None
    length_s = float(voiced[-1] - voiced[0]) * HOP_S
    movement = float(np.polyfit(voiced * HOP_S, pitch[voiced], 1)[0]) * length_s
    if abs(movement) < max(_GLISSANDO_ST_S / length_s, _MIN_MOVEMENT_ST):
        return movement, "flat"
    return movement, "rise" if movement > 0 else "fall"


def _prominences(track: Track, words: Sequence[WordTimes | None]) -> list[float | None]:
    """Duration × energy × pitch, each as a z-score of its logarithm, after Suni et al. 2017 ("Hierarchical
    representation and estimation of prosody"), summed and standardised again.

    Duration is that of the mean phone, so that long words are not stressed by their length alone; energy and pitch
    are the word's peaks over the line's declination. None for lines of fewer than three words.
    """
    spoken = [index for index, word in enumerate(words) if word is not None]
    result: list[float | None] = [None] * len(words)
    if len(spoken) < _MIN_WORDS:
        return result
    rows = np.array([_cues(track, word) for word in words if word is not None])
    middles = np.array([(word.span.start_s + word.span.end_s) / 2 for word in words if word is not None])
    columns = [rows[:, 0], _detrend(middles, rows[:, 1]), _detrend(middles, rows[:, 2])]
    total = _standardise(np.sum([_standardise(column) for column in columns], axis=0))
    for index, value in zip(spoken, total, strict=True):
        result[index] = float(value)
    return result


def _cues(track: Track, word: WordTimes) -> tuple[float, float, float]:
    """Log of the mean phone's length in seconds, peak energy in dB, peak pitch in semitones (NaN when unvoiced)."""
    frames = _frames(word)
    energy, pitch = track.energy_db[frames], track.pitch_st[frames]
    voiced = pitch[np.isfinite(pitch)]
    return (
        float(np.log(max(word.span.length_s, HOP_S) / max(len(word.phones), 1))),
        float(np.percentile(energy, _PEAK)) if len(energy) else np.nan,
        float(np.percentile(voiced, _PEAK)) if len(voiced) >= _MIN_FRAMES else np.nan,
    )


def _detrend(at: Floats, values: Floats) -> Floats:
    """Removes the straight line through the known values: pitch and energy fall towards the end of a sentence."""
    known = np.isfinite(values)
    if known.sum() < _MIN_WORDS + 1 or np.ptp(at[known]) <= 0:
        return values
    slope, start = np.polyfit(at[known], values[known], 1)
    detrended: Floats = values - (slope * at + start)
    return detrended


def _standardise(values: Floats) -> Floats:
    """Z-scores; 0 for unknown values, and for values without variation."""
    known = values[np.isfinite(values)]
    if len(known) < 2 or known.std() < 1e-9:
        return np.zeros(len(values))
    standard: Floats = np.nan_to_num((values - known.mean()) / known.std())
    return standard


def _frames(word: WordTimes) -> slice:
    first = round(word.span.start_s / HOP_S)
    return slice(first, max(first + 1, round(word.span.end_s / HOP_S)))


def direction_agreement(learner: Sequence[WordContour], reference: Sequence[WordContour]) -> float | None:
    """Agreement of the learner's pitch directions with the reference, 0–1.

    A word in the same direction counts fully, another one by the difference of the movements; words on which the
    reference stays level have half the weight. None with fewer than two words to compare.
    """
    weights, shares = [], []
    for own, other in zip(learner, reference, strict=True):
        if own.movement_st is None or other.movement_st is None:
            continue
        difference_st = abs(own.movement_st - other.movement_st)
        partial = float(np.interp(difference_st, (_MIN_MOVEMENT_ST, _UNLIKE_ST), (1.0, 0.0)))
        shares.append(1.0 if own.direction == other.direction else partial)
        weights.append(0.5 if other.direction == "flat" else 1.0)
    return float(np.average(shares, weights=weights)) if len(shares) >= 2 else None


def stress_correlation(learner: Sequence[WordContour], reference: Sequence[WordContour]) -> float | None:
    """Pearson r of the prominences over words that both spoke; None with fewer than three."""
    both = [
        (own.prominence, other.prominence)
        for own, other in zip(learner, reference, strict=True)
        if own.prominence is not None and other.prominence is not None
    ]
    if len(both) < _MIN_WORDS:
        return None
    values = np.array(both)
    if values.std(axis=0).min() < 1e-9:
        return None
    return float(np.clip(np.corrcoef(values.T)[0, 1], -1.0, 1.0))


def with_prosody(
    words: Sequence[WordResult], learner: Sequence[WordContour], reference: Sequence[WordContour] | None
) -> list[WordResult]:
    """Copies of the words with their pitch and stress, beside those of the reference where there is one."""
    return [
        word.model_copy(update={"pitch": _pitch(own, other), "stress": _stress(own, other)})
        for word, own, other in zip(words, learner, reference or [_NO_CONTOUR] * len(learner), strict=True)
    ]


def _pitch(learner: WordContour, reference: WordContour) -> WordPitch:
    return WordPitch(
        user=learner.direction,
        reference=reference.direction,
        user_st=rounded(learner.movement_st, 2),
        reference_st=rounded(reference.movement_st, 2),
    )


def _stress(learner: WordContour, reference: WordContour) -> WordStress:
    return WordStress(
        user=learner.stressed,
        reference=reference.stressed,
        user_z=rounded(learner.prominence, 2),
        reference_z=rounded(reference.prominence, 2),
    )
