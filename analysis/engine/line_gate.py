"""The gate that tells a reading of the line from another line: a small network over the fit of the line as a whole.

A reading with repeats, a false start, an extra or a wrong word is a reading; half a line is, too. It is fitted on rated
learners and native readings with their own and with other texts, whole and cut to one to three words
(`analysis/eval/gate_samples.py`), because limits on single figures told short lines apart in neither direction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.engine.acoustic_model import FRAME_S
from analysis.engine.activations import Floats32
from analysis.engine.gop import Goodness, PhoneEvidence
from analysis.engine.recording_quality import Take

_LOW: Final = 0.3
_SURE: Final = 1e-3
_FEW: Final = 0.05
LIMIT: Final = 5.0
"""Largest scaled input, in both directions."""
SHORT_WORDS: Final = 3
"""A line of up to this number of words is short: other lines fit it more easily."""
WORDS_PLACE: Final = 11
"""Place of the number of words among the features."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One hidden layer and its output: (features, hidden), (hidden,), (hidden,), ()."""

    inward: Floats32
    inward_bias: Floats32
    outward: Floats32
    outward_bias: Floats32


@dataclass(frozen=True, eq=False)
class Gate:
    """The fitted networks; `mean` and `deviation` (features,) scale their input."""

    mean: Floats32
    deviation: Floats32
    networks: Sequence[Layer]

    def log_odds(self, features: Floats32) -> float:
        """Log-odds that a recording with these `features` holds the line or a part of it."""
        scaled = np.clip((features - self.mean) / self.deviation, -LIMIT, LIMIT)
        each = [
            float(np.maximum(scaled @ own.inward + own.inward_bias, 0.0) @ own.outward + own.outward_bias)
            for own in self.networks
        ]
        return float(np.mean(each))


@dataclass(frozen=True)
class ReadingLimits:
    """Log-odds of the gate from which on a take is a reading of a short line, and of a longer one."""

    short: float
    longer: float

    def of(self, words: float) -> float:
        """The limit for a line of this number of words."""
        return self.short if words <= SHORT_WORDS else self.longer


def features(take: Take, goodness: Goodness, evidence: PhoneEvidence) -> Floats32:
    """Returns how well the line fits, by both votes and beside the free reading, its tempo and its length, (19,)."""
    line = sum(len(word.pronunciation.scored) for word in goodness.words)
    spoken, heard = len(evidence.expected.columns), max(goodness.recognised_phones, 1)
    posteriors = evidence.rescored.posteriors
    line_s = (float(np.ptp(evidence.expected.lattice.peaks)) + 1.0) * FRAME_S
    speech_s, total = max(take.speech_s, 0.1), evidence.expected.lattice.total
    gap = evidence.reading.total - total
    right = float(np.mean(evidence.rescored.recognised == evidence.expected.columns))
    values: npt.NDArray[np.float64] = np.array(
        [
            *(goodness.misfit, goodness.full_mean, goodness.spoken_mean, goodness.completeness),
            *(line, goodness.recognised_phones, goodness.recognised_phones / line, spoken / line),
            *(line_s / speech_s, speech_s / line, line_s / spoken, len(goodness.words)),
            *(gap / spoken, gap / heard, (total - evidence.reading.blank_total) / spoken),
            *(np.log(posteriors + _SURE).mean(), posteriors.mean(), (posteriors < _LOW).mean(), np.log(right + _FEW)),
        ]
    )
    return np.clip(values, -100.0, 100.0).astype(np.float32)
