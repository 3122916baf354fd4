"""Curves, formulas and weights that map measurements to scores 0–100.

Pronunciation, fluency and prosody are ratings that people are expected to give (`rating.py`, `word_scores.py`). The
curves here compare a take with the actor's. They are drawn through measurements of the same take, other natural voices,
flat and inverted pitch, and rendered errors; no person rated such comparisons. Each score also has its fields in
`result.py`.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.engine.language_profile import Curve

# Shares of the scores in the overall score: beside an actor, and without one (fitted to people's total rating).
WEIGHTS: Final = {"pronunciation": 0.50, "intonation": 0.20, "emotion": 0.15, "fluency": 0.15}
WEIGHTS_ALONE: Final = {"pronunciation": 0.60, "fluency": 0.20, "prosody": 0.20}
# Scores of low confidence where little speech is voiced, and where few words are spoken.
NEED_VOICE: Final = frozenset({"intonation", "emotion", "pitch_direction", "stress"})
NEED_WORDS: Final = frozenset({"rhythm", "timing", "fluency", "stress", "prosody"})

# Other natural voices reach r 0.46–0.56 on the same line, and less on a line that can be meant in two ways: a
# different but lively reading is no error.
PITCH_SHAPE: Final[Curve] = ((-1.0, -0.3, 0.0, 0.25, 0.5, 0.75, 0.9, 0.97), (10, 36, 48, 60, 75, 90, 97, 100))
RHYTHM: Final[Curve] = ((0.0, 0.4, 0.6, 0.8, 0.95), (15, 50, 68, 88, 100))
ONSET_S: Final[Curve] = ((0.0, 0.05, 0.15, 0.3, 0.6, 1.5), (100, 97, 85, 65, 35, 0))
# Another natural reading of a line agrees on half to four fifths of its words, and stresses others.
DIRECTION: Final[Curve] = ((0.0, 0.3, 0.5, 0.7, 0.9, 1.0), (15, 40, 60, 80, 96, 100))
STRESS: Final[Curve] = ((-0.5, 0.0, 0.3, 0.6, 0.85, 0.95), (15, 45, 65, 84, 97, 100))
# |log2| of a ratio to the actor: 0.32 is a quarter faster or slower, 1 is half or double.
LOG_RATIO: Final[Curve] = ((0.0, 0.1, 0.32, 0.6, 1.0, 2.0), (100, 99, 88, 65, 35, 0))
RANGE_LOG_RATIO: Final[Curve] = ((0.0, 0.2, 0.6, 1.0, 2.0, 4.0), (100, 98, 85, 68, 30, 5))
PAUSE_EXCESS_S: Final[Curve] = ((0.0, 0.15, 0.5, 1.0, 2.5), (100, 96, 78, 55, 10))
ENERGY_SHAPE: Final[Curve] = ((-0.5, 0.0, 0.3, 0.6, 0.85, 0.97), (0, 30, 60, 82, 95, 100))
TILT_DB: Final[Curve] = ((0.0, 1.0, 3.0, 6.0, 12.0), (100, 97, 82, 55, 15))
SNR_CONFIDENCE: Final[Curve] = ((0.0, 10.0, 20.0, 30.0), (0.3, 0.65, 0.92, 1.0))
WADA_CONFIDENCE: Final[Curve] = ((2.0, 6.0, 11.0), (0.3, 0.7, 1.0))
CLIPPING_CONFIDENCE: Final[Curve] = ((0.0, 0.005, 0.05), (1.0, 0.9, 0.5))
TRUNCATED_CONFIDENCE: Final = 0.9
VOICED_CONFIDENCE: Final[Curve] = ((0.0, 0.3, 1.0), (0.3, 0.6, 1.0))
WORDS_CONFIDENCE: Final[Curve] = ((1, 2, 4, 6), (0.4, 0.6, 0.9, 1.0))

GOOD: Final = 80.0
FAIR: Final = 60.0
MISFIT_CONFIDENCE: Final[Curve] = ((0.5, 3.6), (1.0, 0.4))
# Gates. The place of the line is known from this mean posterior, up to this misfit (see gop.Goodness).
LINE_FOUND_MEAN: Final = 0.25
LINE_FOUND_MISFIT: Final = 2.5
NOISY_SNR_DB: Final = 8.0
NOISY_WADA_DB: Final = 9.5
SILENT_SNR_DB: Final = 25.0
NOISY_AROUND_DB: Final = 14.0
NOISY_MEAN: Final = 0.75
CLIPPED: Final = 0.02
INCOMPLETE: Final = 0.6
# Log-odds of the gate for a part of a line, whose speaker has chosen the words: even odds. Of one, two and three words
# cut from 137 rated learners it refuses 9, 3 and 2 % of the right ones and scores 12, 5 and 3 % of others; the limits
# for whole lines refuse 22, 8 and 5 %.
PART_READING_FROM: Final = 0.0
MIN_COMPLETENESS: Final = 0.15
MIN_SPEECH_S: Final = 0.2
MIN_DURATION_S: Final = 0.3
MIN_PHONES_PER_S: Final = 1.0


def interpolate(curve: Curve, value: float | None) -> float | None:
    """The curve at a value, linear between its points and constant outside them; null stays null."""
    return None if value is None else float(np.interp(value, curve[0], curve[1]))


def log_ratio(first: float | None, second: float | None) -> float | None:
    """|log2(first / second)|; null when either is missing or not positive."""
    if not first or not second or first <= 0 or second <= 0:
        return None
    return abs(float(np.log2(first / second)))


def blend(parts: Sequence[tuple[float | None, float]]) -> float | None:
    """Weighted mean of the known parts (value, weight); null when none is known."""
    known = [(value, weight) for value, weight in parts if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total > 0 else None


def weights_of(scores: dict[str, float | None], *, beside_actor: bool) -> dict[str, float]:
    """The weights of the known scores in the overall score; they sum to 1."""
    weights = WEIGHTS if beside_actor else WEIGHTS_ALONE
    known = {name: weight for name, weight in weights.items() if scores.get(name) is not None}
    total = sum(known.values())
    return {name: round(weight / total, 4) for name, weight in known.items()} if total else {}


def rounded(value: float | None, digits: int = 1) -> float | None:
    """The value rounded for the wire; null instead of anything that is not finite."""
    return None if value is None or not np.isfinite(value) else round(float(value), digits)


def scores(raw: dict[str, float | None], rated_fluency: float) -> dict[str, float | None]:
    """Intonation, rhythm, pitch direction, stress, timing, fluency and emotion, 0–100 or null.

    `rated_fluency` is the score of the rating of fluency.
    """
    pitch_range = log_ratio(raw["pitch_range_ratio"], 1.0)
    rhythm = interpolate(RHYTHM, raw["rhythm_correlation"])
    return {
        "intonation": _intonation(raw["pitch_correlation"], pitch_range),
        "rhythm": rhythm,
        "pitch_direction": interpolate(DIRECTION, raw["pitch_direction_agreement"]),
        "stress": interpolate(STRESS, raw["stress_correlation"]),
        "timing": interpolate(ONSET_S, raw["onset_difference_s"]),
        "fluency": blend([(rated_fluency, 0.5), (_pace(raw, rhythm), 0.5)]),
        "emotion": _emotion(raw, pitch_range),
    }


def _pace(raw: dict[str, float | None], rhythm: float | None) -> float | None:
    """Tempo, pauses, articulation rate and rhythm beside the actor's; null without a reference."""
    tempo = interpolate(LOG_RATIO, log_ratio(raw["tempo_ratio"], 1.0))
    if tempo is None:
        return None
    articulation = interpolate(LOG_RATIO, log_ratio(raw["articulation_ratio"], 1.0))
    parts = [
        (tempo, 0.4),
        (interpolate(PAUSE_EXCESS_S, raw["pause_excess_s"]), 0.35),
        (articulation, 0.15),
        (rhythm, 0.1),
    ]
    return blend(parts)


def _intonation(correlation: float | None, pitch_range: float | None) -> float | None:
    """Score of the pitch shape, lowered when the range is far from the reference: a flat voice has no intonation."""
    width = interpolate(RANGE_LOG_RATIO, pitch_range)
    if width is None:
        return None
    # A voice without movement has no correlation; it counts like r = 0.
    shape = interpolate(PITCH_SHAPE, correlation or 0.0)
    return None if shape is None else shape * (0.5 + 0.5 * width / 100)


def _emotion(raw: dict[str, float | None], pitch_range: float | None) -> float | None:
    """Expressiveness match: pitch range, energy, voice colour and tempo; null without pitch and energy."""
    if raw["energy_correlation"] is None and pitch_range is None:
        return None
    energy_range = log_ratio(raw["energy_range_ratio"], 1.0)
    return blend(
        [
            (interpolate(RANGE_LOG_RATIO, pitch_range), 0.30),
            (interpolate(ENERGY_SHAPE, raw["energy_correlation"]), 0.25),
            (interpolate(RANGE_LOG_RATIO, energy_range), 0.15),
            (interpolate(TILT_DB, raw["tilt_difference_db"]), 0.10),
            (interpolate(LOG_RATIO, log_ratio(raw["tempo_ratio"], 1.0)), 0.20),
        ]
    )
