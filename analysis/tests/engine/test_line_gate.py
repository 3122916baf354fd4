"""The gate: its features of a line as a whole, and its log-odds."""

from typing import Final

import numpy as np
import pytest

from analysis.engine import line_gate, rating
from analysis.engine.activations import Floats32
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.line_gate import Gate, Layer
from analysis.tests.support import hand_made

LINE: Final = {"see": "S IY", "cat": "K AE T"}
SAID: Final = {20: "S", 26: "IY", 80: "K", 86: "AE", 92: "T"}
OTHER: Final = {10: "M", 26: "OW", 50: "N", 86: "D", 100: "IH"}
MISFIT: Final = 0
FULL_MEAN: Final = 1


def _features(heard: hand_made.Heard, line: dict[str, str] = LINE) -> Floats32:
    measured = hand_made.goodness(line, heard)
    assert measured.evidence is not None
    return line_gate.features(hand_made.take(), measured, measured.evidence)


def _floats(*values: float) -> Floats32:
    return np.array(values, dtype=np.float32)


def _gate(*outward: float) -> Gate:
    """A gate of one network for each weight: minus the misfit, positive parts only, times the weight."""
    size = len(_features(SAID))
    inward = np.zeros((size, 1), dtype=np.float32)
    inward[MISFIT] = -1.0
    networks = [Layer(inward, _floats(10.0), _floats(weight), np.array(-9.0, dtype=np.float32)) for weight in outward]
    return Gate(np.zeros(size, dtype=np.float32), np.ones(size, dtype=np.float32), networks)


@pytest.mark.parametrize("heard", [SAID, OTHER, {60: "S"}], ids=["the line", "another line", "one phone"])
def test_features_are_finite_and_as_many_as_the_fitted_gate_takes(heard: hand_made.Heard) -> None:
    features, fitted = _features(heard), rating.load(ENGLISH).gate
    assert features.shape == fitted.mean.shape == fitted.deviation.shape == (19,)
    assert features.dtype == np.float32 and np.isfinite(features).all()
    assert np.isfinite(fitted.log_odds(features))


def test_features_tell_the_line_from_another_one() -> None:
    own, other = _features(SAID), _features(OTHER)
    assert own[MISFIT] < 0.1 < 2.0 < other[MISFIT]
    assert own[FULL_MEAN] > 0.9 > 0.2 > other[FULL_MEAN]


def test_log_odds_fall_with_the_misfit() -> None:
    gate = _gate(1.0)
    own, longer, other = (gate.log_odds(_features(heard)) for heard in (SAID, {**SAID, 45: "N", 55: "OW"}, OTHER))
    assert own > longer > other
    assert own == pytest.approx(1.0, abs=0.1)


def test_log_odds_are_the_mean_of_the_networks() -> None:
    features = _features(OTHER)
    each = [_gate(weight).log_odds(features) for weight in (1.0, 3.0)]
    assert _gate(1.0, 3.0).log_odds(features) == pytest.approx(np.mean(each))


def test_one_extreme_feature_decides_no_more_than_a_large_one() -> None:
    gate, features = _gate(1.0), _features(SAID)
    large, extreme = features.copy(), features.copy()
    large[MISFIT], extreme[MISFIT] = 5.0, 90.0
    assert gate.log_odds(large) == gate.log_odds(extreme) < gate.log_odds(features)


def test_short_lines_have_a_limit_of_their_own() -> None:
    limits = line_gate.ReadingLimits(short=2.0, longer=1.0)
    assert [limits.of(count) for count in (1, line_gate.SHORT_WORDS, line_gate.SHORT_WORDS + 1)] == [2.0, 2.0, 1.0]
    assert _features(SAID)[line_gate.WORDS_PLACE] == len(LINE)
