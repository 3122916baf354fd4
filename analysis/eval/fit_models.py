"""The models that are fitted: the networks of the rescoring, and the weights of both scores."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from analysis.engine import ctc, rescoring
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.phones import PhoneSet
from analysis.engine.rescoring import Ensemble, Network
from analysis.eval.fit_samples import Floats, Samples, join

Weights = tuple[float, float, float]
"""a, b and c of a · rescoring + b · first score + c."""

_DIRECTIONS: Final = 80
_HIDDEN: Final = 128
_NETWORK_PENALTY: Final = 0.3
_ROUNDS: Final = 20
_NETWORKS: Final = 3
_WEIGHT_PENALTY: Final = 1e-3


def fit_read_out(samples: Samples, phones: PhoneSet) -> Ensemble:
    """Fits networks that name the sound that was said, from the tokens' principal directions and the other features."""
    split = samples.seen.shape[1] - rescoring.context_size(len(phones))
    heard = samples.seen[:, :split]
    centre = heard.mean(axis=0)
    spread, axes = np.linalg.eigh(np.cov((heard - centre).T))
    largest = np.argsort(-spread)[:_DIRECTIONS]
    directions = axes[:, largest] / np.sqrt(spread[largest])
    bare = Ensemble(centre.astype(np.float32), directions.astype(np.float32), ())
    inputs = bare.inputs(samples.seen)
    networks = tuple(_network(inputs, samples.said, phones.none + 1, seed) for seed in range(_NETWORKS))
    return Ensemble(bare.centre, bare.directions, networks)


def _network(inputs: rescoring.Floats32, said: ctc.Ints, classes: int, seed: int) -> Network:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the number of rounds is fixed
        fitted = MLPClassifier(
            (_HIDDEN,), alpha=_NETWORK_PENALTY, batch_size=256, max_iter=_ROUNDS, random_state=seed
        ).fit(inputs, said)
    inward, outward = fitted.coefs_
    # A sound that is not among the samples (ZH is rare) is never named.
    weights, bias = np.zeros((_HIDDEN, classes)), np.full(classes, -20.0)
    weights[:, fitted.classes_], bias[fitted.classes_] = outward, fitted.intercepts_[1]
    return Network(*(part.astype(np.float32) for part in (inward, fitted.intercepts_[0], weights, bias)))


def both_scores(samples: Samples, read_out: Ensemble, profile: LanguageProfile) -> Floats:
    """Returns the total log-odds that a sound is wrong by rescoring and by the first score, (N, 2)."""
    second = rescoring.network_log_odds(samples.expected, read_out.log_probabilities(samples.seen))
    prior = rescoring.log_priors(profile)[samples.expected]
    return np.stack([rescoring.pooled_log_odds(odds + prior) for odds in (second, samples.gains)], axis=1)


def fit_weights(both: Floats, wrong: Any) -> Weights:
    """Fits a logistic regression of "wrong" on both scores."""
    fitted = LogisticRegression(C=1.0 / (_WEIGHT_PENALTY * len(both))).fit(both, wrong)
    (a, b), c = fitted.coef_[0], fitted.intercept_[0]
    return round(float(a), 3), round(float(b), 3), round(float(c), 3)


@dataclass(frozen=True)
class ScoredSamples:
    """Samples with the log-odds that the sound is wrong, (N,)."""

    samples: Samples
    log_odds: Floats


def score(samples: Samples, read_out: Ensemble, weights: Weights, profile: LanguageProfile) -> ScoredSamples:
    """Combines both scores of every sample as the rescoring of the engine does."""
    both, (a, b, c) = both_scores(samples, read_out, profile), weights
    return ScoredSamples(samples, a * both[:, 0] + b * both[:, 1] + c)


def join_scored(parts: Sequence[ScoredSamples]) -> ScoredSamples:
    """Concatenates scored samples."""
    log_odds = np.concatenate([part.log_odds for part in parts])
    return ScoredSamples(join([part.samples for part in parts]), log_odds)
