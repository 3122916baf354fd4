"""From measurements to scores 0–100. Every curve and weight of the judgement is here and nowhere else.

The curves are provisional ("provisional-1"): drawn through measurements of the same take, other natural voices,
flat and inverted pitch, and rendered errors; not fitted to human ratings.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

Curve = tuple[Sequence[float], Sequence[float]]

WEIGHTS: Final = {"pronunciation": 0.50, "intonation": 0.20, "emotion": 0.15, "fluency": 0.15}

# A sound's posterior, relative to what the actor's own sound reaches: per cent, with some grace where it is likely
# right (a neighbour's error may cost it a little).
PHONE: Final[Curve] = ((0.0, 0.5, 0.8, 1.0), (0, 50, 86, 100))
# Other natural voices reach r 0.46–0.56 on the same line, and less on a line that can be meant in two ways:
# a different but lively reading is no mistake.
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
# Without an actor to follow: connected English has 2–4.5 words a second.
FREE_TEMPO: Final[Curve] = ((0.4, 1.0, 1.8, 2.3, 4.5, 6.0, 9.0), (15, 50, 85, 100, 100, 75, 30))
SNR_CONFIDENCE: Final[Curve] = ((0.0, 10.0, 20.0, 30.0), (0.3, 0.65, 0.92, 1.0))
WADA_CONFIDENCE: Final[Curve] = ((2.0, 6.0, 11.0), (0.3, 0.7, 1.0))
CLIPPING_CONFIDENCE: Final[Curve] = ((0.0, 0.005, 0.05), (1.0, 0.9, 0.5))
TRUNCATED_CONFIDENCE: Final = 0.9
# A tune needs voiced speech, a rhythm needs words.
VOICED_CONFIDENCE: Final[Curve] = ((0.0, 0.3, 1.0), (0.3, 0.6, 1.0))
WORDS_CONFIDENCE: Final[Curve] = ((1, 2, 4, 6), (0.4, 0.6, 0.9, 1.0))

GOOD: Final = 80.0
FAIR: Final = 60.0
# Gates (see gop.Goodness.misfit).
WRONG_MISFIT: Final = 3.6
WRONG_MEAN: Final = 0.25
WRONG_MEAN_MISFIT: Final = 2.5
NOISY_SNR_DB: Final = 8.0
NOISY_WADA_DB: Final = 9.5
SILENT_SNR_DB: Final = 25.0
NOISY_AROUND_DB: Final = 14.0
NOISY_MEAN: Final = 0.75
CLIPPED: Final = 0.02
INCOMPLETE: Final = 0.6
LEAST_SAID: Final = 0.15
LEAST_SPEECH_S: Final = 0.2
LEAST_DURATION_S: Final = 0.3
LEAST_SOUNDS_PER_S: Final = 1.0


def curve(points: Curve, value: float | None) -> float | None:
    """Piecewise-linear reading of a curve; null stays null."""
    return None if value is None else float(np.interp(value, points[0], points[1]))


def log_ratio(first: float | None, second: float | None) -> float | None:
    """|log2(first / second)|; null when either is missing or not positive."""
    if not first or not second or first <= 0 or second <= 0:
        return None
    return abs(float(np.log2(first / second)))


def blend(parts: Sequence[tuple[float | None, float]]) -> float | None:
    """Weighted mean of the parts that are known; null when none is."""
    known = [(value, weight) for value, weight in parts if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total > 0 else None


def weights_of(scores: dict[str, float | None]) -> dict[str, float]:
    """The overall weights, shared out among the scores that are known; they sum to 1."""
    known = {name: weight for name, weight in WEIGHTS.items() if scores.get(name) is not None}
    total = sum(known.values())
    return {name: round(weight / total, 4) for name, weight in known.items()} if total else {}


def tidy(value: float | None, digits: int = 1) -> float | None:
    """Rounded for the wire; null instead of anything that is not finite."""
    return None if value is None or not np.isfinite(value) else round(float(value), digits)
