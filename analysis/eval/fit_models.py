"""The models that are fitted: the networks of the rescoring, the weights of both scores, and the limits for flags."""

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
_MIN_PRECISION: Final = 0.8
_MIN_HITS: Final = 5


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


def both_scores(samples: Samples, read_out: Ensemble, profile: LanguageProfile) -> tuple[Floats, Floats, Floats]:
    """Returns the total log-odds by rescoring and by the first score (N, 2), and the log-odds of each rival by either.

    The latter are (N, P + 1) and without the prior.
    """
    first = samples.gains
    second = rescoring.network_log_odds(samples.expected, read_out.log_probabilities(samples.seen))
    prior = rescoring.log_priors(profile)[samples.expected]
    pooled = [rescoring.pooled_log_odds(odds + prior) for odds in (second, first)]
    return np.stack(pooled, axis=1), second, first


def fit_weights(both: Floats, wrong: Any) -> Weights:
    """Fits a logistic regression of "wrong" on both scores."""
    fitted = LogisticRegression(C=1.0 / (_WEIGHT_PENALTY * len(both))).fit(both, wrong)
    (a, b), c = fitted.coef_[0], fitted.intercept_[0]
    return round(float(a), 3), round(float(b), 3), round(float(c), 3)


@dataclass(frozen=True)
class ScoredSamples:
    """Samples with the log-odds that the sound is wrong, and the sound that was heard (N,)."""

    samples: Samples
    log_odds: Floats
    heard: ctc.Ints


def score(samples: Samples, read_out: Ensemble, weights: Weights, profile: LanguageProfile) -> ScoredSamples:
    """Combines both scores of every sample as the rescoring of the engine does."""
    both, second, first = both_scores(samples, read_out, profile)
    a, b, c = weights
    prior = rescoring.log_priors(profile)[samples.expected]
    each = a * second + b * first + prior
    return ScoredSamples(samples, a * both[:, 0] + b * both[:, 1] + c, each.argmax(axis=1))


def join_scored(parts: Sequence[ScoredSamples]) -> ScoredSamples:
    """Concatenates scored samples."""
    return ScoredSamples(
        join([part.samples for part in parts]),
        np.concatenate([part.log_odds for part in parts]),
        np.concatenate([part.heard for part in parts]),
    )


def choose_limits(sets: Sequence[ScoredSamples], phones: PhoneSet) -> dict[str, float]:
    """Returns for each confusion the lowest log-odds at which at least 0.8 of the flags are right, in every set.

    A confusion that is too rare, or not precise enough, in any set is never flagged.
    """
    limits = {}
    for expected in range(phones.none):
        for heard in range(phones.none + 1):
            known = [limit for one in sets if (limit := _limit(one, expected, heard)) is not None]
            if len(known) == len(sets):
                limits[confusion(expected, heard, phones)] = round(max(known), 2)
    return limits


def confusion(expected: int, heard: int, phones: PhoneSet) -> str:
    """Returns the name of a confusion, as stored with the model: EXPECTED>HEARD, with nothing for a dropped sound."""
    return f"{phones.names[expected]}>{phones.name(heard) or ''}"


def _limit(scored: ScoredSamples, expected: int, heard: int) -> float | None:
    at = (scored.samples.expected == expected) & (scored.heard == heard)
    log_odds, right = scored.log_odds[at], scored.samples.said[at] == heard
    order = np.argsort(-log_odds)
    hits = np.cumsum(right[order])
    precision = hits / np.arange(1, len(order) + 1)
    precise = np.flatnonzero((precision >= _MIN_PRECISION) & (hits >= _MIN_HITS))
    return max(0.0, float(log_odds[order][precise[-1]])) if len(precise) else None
