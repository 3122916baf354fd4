"""Fits the gate, and chooses its limit on speakers that the networks have not seen."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from sklearn.neural_network import MLPClassifier

from analysis.engine.line_gate import LIMIT, SHORT_WORDS, WORDS_PLACE, Gate, Layer, ReadingLimits
from analysis.eval.gate_samples import GateExample

MOST_OTHERS: Final = {"other line": 0.004, "short line": 0.012, "other piece": 0.012}
"""Most of these kinds that may pass the limit, 0–1."""
_NETWORKS: Final = 5
_HIDDEN: Final = 16
_PENALTY: Final = 0.3
_MIN_DEVIATION: Final = 1e-3


def fit_gate(examples: Sequence[GateExample]) -> Gate:
    """Fits the networks, which differ by their seeds."""
    features = np.stack([example.features for example in examples])
    mean, deviation = features.mean(axis=0), np.maximum(features.std(axis=0), _MIN_DEVIATION)
    scaled = np.clip((features - mean) / deviation, -LIMIT, LIMIT)
    readings = np.array([example.is_reading for example in examples])
    layers = []
    for seed in range(_NETWORKS):
        network = MLPClassifier((_HIDDEN,), alpha=_PENALTY, max_iter=300, learning_rate_init=3e-3, random_state=seed)
        network.fit(scaled, readings)
        (inward, outward), (inward_bias, outward_bias) = network.coefs_, network.intercepts_
        parts = (inward, inward_bias, outward[:, 0], outward_bias[0])
        layers.append(Layer(*(np.asarray(part, dtype=np.float32) for part in parts)))
    return Gate(mean.astype(np.float32), deviation.astype(np.float32), layers)


def choose_limits(
    examples: Sequence[GateExample], folds: Sequence[frozenset[str]]
) -> tuple[ReadingLimits, dict[str, float]]:
    """Returns the lowest limits that keep MOST_OTHERS, and the share of each kind that is refused with them."""
    log_odds = np.empty(len(examples))
    for speakers in folds:
        inside = [at for at, example in enumerate(examples) if example.speaker in speakers]
        gate = fit_gate([example for example in examples if example.speaker not in speakers])
        log_odds[inside] = [gate.log_odds(examples[at].features) for at in inside]
    unseen = {speaker for speakers in folds for speaker in speakers}
    kinds = np.array([example.kind if example.speaker in unseen else "" for example in examples])
    short = np.array([example.features[WORDS_PLACE] <= SHORT_WORDS for example in examples])
    limits = ReadingLimits(_limit(log_odds, kinds, short), _limit(log_odds, kinds, ~short))
    refused = log_odds < np.where(short, limits.short, limits.longer)
    return limits, {str(kind): float(np.mean(refused[kinds == kind])) for kind in np.unique(kinds) if kind}


def _limit(log_odds: np.ndarray, kinds: np.ndarray, within: np.ndarray) -> float:
    """Returns the lowest limit that at most the allowed share of each kind reaches."""
    limits = []
    for kind, most in MOST_OTHERS.items():
        own = np.sort(log_odds[within & (kinds == kind)])[::-1]
        if len(own):
            limits.append(float(own[int(most * len(own))]) + 1e-6)
    return max(limits)
