"""Word by word: does the pitch rise, fall or stay, and which words stand out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine.alignment import WordTimes
from analysis.engine.prosody import HOP_S, Floats, Track
from analysis.engine.result import Direction, WordPitch, WordResult, WordStress
from analysis.engine.score_curves import tidy

# A glide of T seconds is heard as a change of pitch from 0.32 / T semitones on, in connected speech ('t Hart,
# Collier & Cohen 1990, "A perceptual study of intonation"; the constant for running speech: Mertens 2004,
# "The Prosogram"). On long words that would be less than listeners tell apart: 1.5 st ('t Hart 1981).
_GLISSANDO_ST_S: Final = 0.32
_LEAST_MOVEMENT_ST: Final = 1.5
_LEAST_FRAMES: Final = 5
_PEAK: Final = 90
_STRESSED_Z: Final = 0.5
_LEAST_WORDS: Final = 3
# Movements further apart than this have nothing in common.
_UNLIKE_ST: Final = 7.5


@dataclass(frozen=True)
class WordTune:
    """A word's pitch movement (semitones over its voiced part) and its prominence (z-score within the line)."""

    movement_st: float | None
    direction: Direction | None
    prominence: float | None

    @property
    def stressed(self) -> bool | None:
        """Whether the word stands out; about a third of the words of a line do."""
        return None if self.prominence is None else self.prominence >= _STRESSED_Z


SILENT: Final = WordTune(None, None, None)


def tunes(track: Track, words: Sequence[WordTimes | None]) -> list[WordTune]:
    """One per word of the line; all null where the word was not said."""
    prominences = _prominences(track, words)
    found = []
    for word, prominence in zip(words, prominences, strict=True):
        movement, direction = _movement(track, word) if word else (None, None)
        found.append(WordTune(movement, direction, prominence))
    return found


def _movement(track: Track, word: WordTimes) -> tuple[float | None, Direction | None]:
    """Least-squares slope × length of the voiced part, and how a listener hears it."""
    pitch = track.pitch_st[_frames(word)]
    voiced = np.flatnonzero(np.isfinite(pitch))
    if len(voiced) < _LEAST_FRAMES:
        return None, None
    length_s = float(voiced[-1] - voiced[0]) * HOP_S
    movement = float(np.polyfit(voiced * HOP_S, pitch[voiced], 1)[0]) * length_s
    if abs(movement) < max(_GLISSANDO_ST_S / length_s, _LEAST_MOVEMENT_ST):
        return movement, "flat"
    return movement, "rise" if movement > 0 else "fall"


def _prominences(track: Track, words: Sequence[WordTimes | None]) -> list[float | None]:
    """Duration × energy × pitch, each as a z-score of its logarithm, after Suni et al. 2017 ("Hierarchical
    representation and estimation of prosody"), summed and standardised again.

    Duration is that of the mean sound, so that long words are not stressed by their length alone; energy and pitch
    are the word's peaks over the line's slow fall. Null for lines of fewer than three words.
    """
    said = [index for index, word in enumerate(words) if word is not None]
    result: list[float | None] = [None] * len(words)
    if len(said) < _LEAST_WORDS:
        return result
    rows = np.array([_cues(track, word) for word in words if word is not None])
    middles = np.array([(word.span.start_s + word.span.end_s) / 2 for word in words if word is not None])
    columns = [rows[:, 0], _level(middles, rows[:, 1]), _level(middles, rows[:, 2])]
    total = _standard(np.sum([_standard(column) for column in columns], axis=0))
    for index, value in zip(said, total, strict=True):
        result[index] = float(value)
    return result


def _cues(track: Track, word: WordTimes) -> tuple[float, float, float]:
    """Log of the mean sound's length, peak energy in dB, peak pitch in semitones (NaN when unvoiced)."""
    frames = _frames(word)
    energy, pitch = track.energy_db[frames], track.pitch_st[frames]
    voiced = pitch[np.isfinite(pitch)]
    return (
        float(np.log(max(word.span.length_s, HOP_S) / max(len(word.phones), 1))),
        float(np.percentile(energy, _PEAK)) if len(energy) else np.nan,
        float(np.percentile(voiced, _PEAK)) if len(voiced) >= _LEAST_FRAMES else np.nan,
    )


def _level(at: Floats, values: Floats) -> Floats:
    """Without the straight line through the known values: voices sink towards the end of a sentence."""
    known = np.isfinite(values)
    if known.sum() < _LEAST_WORDS + 1 or np.ptp(at[known]) <= 0:
        return values
    slope, start = np.polyfit(at[known], values[known], 1)
    detrended: Floats = values - (slope * at + start)
    return detrended


def _standard(values: Floats) -> Floats:
    """Z-scores; what is unknown or never varies is 0."""
    known = values[np.isfinite(values)]
    if len(known) < 2 or known.std() < 1e-9:
        return np.zeros(len(values))
    standard: Floats = np.nan_to_num((values - known.mean()) / known.std())
    return standard


def _frames(word: WordTimes) -> slice:
    first = round(word.span.start_s / HOP_S)
    return slice(first, max(first + 1, round(word.span.end_s / HOP_S)))


def agreement(mine: Sequence[WordTune], theirs: Sequence[WordTune]) -> float | None:
    """0–1: how far the learner's pitch goes where the actor's goes, word by word. A word in the same direction
    counts fully, another one by how far apart the movements are; words on which the actor stays level count half.
    Null with fewer than two words to compare."""
    weights, shares = [], []
    for a, b in zip(mine, theirs, strict=True):
        if a.movement_st is None or b.movement_st is None:
            continue
        apart = abs(a.movement_st - b.movement_st)
        soft = float(np.interp(apart, (_LEAST_MOVEMENT_ST, _UNLIKE_ST), (1.0, 0.0)))
        shares.append(1.0 if a.direction == b.direction else soft)
        weights.append(0.5 if b.direction == "flat" else 1.0)
    return float(np.average(shares, weights=weights)) if len(shares) >= 2 else None


def stress_correlation(mine: Sequence[WordTune], theirs: Sequence[WordTune]) -> float | None:
    """Pearson r of the prominences over words that both said; null with fewer than three."""
    both = [
        (a.prominence, b.prominence)
        for a, b in zip(mine, theirs, strict=True)
        if a.prominence is not None and b.prominence is not None
    ]
    if len(both) < _LEAST_WORDS:
        return None
    values = np.array(both)
    if values.std(axis=0).min() < 1e-9:
        return None
    return float(np.clip(np.corrcoef(values.T)[0, 1], -1.0, 1.0))


def described(
    words: Sequence[WordResult], mine: Sequence[WordTune], theirs: Sequence[WordTune] | None
) -> list[WordResult]:
    """The same words with their pitch and stress, beside the actor's where there is one."""
    return [
        word.model_copy(update={"pitch": _pitch(a, b), "stress": _stress(a, b)})
        for word, a, b in zip(words, mine, theirs or [SILENT] * len(mine), strict=True)
    ]


def _pitch(mine: WordTune, theirs: WordTune) -> WordPitch:
    return WordPitch(
        user=mine.direction,
        reference=theirs.direction,
        user_st=tidy(mine.movement_st, 2),
        reference_st=tidy(theirs.movement_st, 2),
    )


def _stress(mine: WordTune, theirs: WordTune) -> WordStress:
    return WordStress(
        user=mine.stressed,
        reference=theirs.stressed,
        user_z=tidy(mine.prominence, 2),
        reference_z=tidy(theirs.prominence, 2),
    )
