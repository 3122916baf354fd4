"""Rescoring of single phones: a small network over the acoustic model's tokens, combined with the CTC log-odds.

The CTC scores (`gop.py`) see P phones, each the sum of several tokens. The model's 191 token scores hold more: all of
its last hidden layer. A small network over them, fitted on rendered speech with chosen phones, tells IH from IY or AE
from EH far better. With `l_q` its log probability of phone q at expected phone e, `g_q` the CTC log-odds of q against
e, and `π` the prior of a confusion:
    o = log Σ_q π(e, q) exp(l_q − l_e)      g = log Σ_q π(e, q) exp(g_q)      q: every other phone, and a deletion
    posterior = 1 / (1 + exp(a·o + b·g + c))
The network sees the tokens' mean over the frames where the line's own path holds the phone, their mean within ± 2
frames of the peak, the expected neighbours (coarticulation), the phone's duration and its distance to its neighbours
(vowel length), and whether it begins or ends a word. `python -m analysis.eval.fit` fits and writes the model.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from analysis.engine import ctc
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.phone_scores import PhoneScores

Floats32 = npt.NDArray[np.float32]

RARE_CONFUSION: Final = 0.02
"""π of a confusion that the language profile does not name."""
TIMING_SIZE: Final = 5
"""Number of features of time and place."""
_PEAK_FRAMES: Final = 2
# Odds beyond this say "sure" and no more; neither score may outweigh the other without limit.
_MAX_LOG_ODDS: Final = 12.0


def context_size(phones: int) -> int:
    """Number of features besides the tokens, for P phones: two neighbours, and figures of time and place."""
    return 2 * (phones + 1) + TIMING_SIZE


@dataclass(frozen=True)
class ExpectedPhones:
    """The L phones to rescore.

    `columns` (L,): phones that the learner should say; the lattice may hold another label for them. `word_bounds`
    (words + 1,): phone offsets of the words. `acceptable` bool (L, P + 1): phones that are no error in each place.
    """

    lattice: ctc.Lattice
    columns: ctc.Ints
    word_bounds: ctc.Ints
    acceptable: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rescored:
    """Scores of L phones, the networks' log probabilities (L, P + 1), and duration and place of every phone (L, 5)."""

    scores: PhoneScores
    log_probs: ctc.Floats
    timing: Floats32


@dataclass(frozen=True)
class Network:
    """One hidden layer, float32: (inputs, hidden), (hidden,), (hidden, P + 1), (P + 1,)."""

    inward: Floats32
    inward_bias: Floats32
    outward: Floats32
    outward_bias: Floats32

    def log_probabilities(self, inputs: Floats32) -> ctc.Floats:
        """Log probabilities of the P phones and of a deletion, (L, P + 1), for inputs (L, inputs)."""
        hidden = np.maximum(inputs @ self.inward + self.inward_bias, 0.0)
        scores = (hidden @ self.outward + self.outward_bias).astype(np.float64)
        scores -= scores.max(axis=1, keepdims=True)
        logs: ctc.Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return logs


@dataclass(frozen=True)
class Ensemble:
    """The fitted networks over the tokens' D principal directions: `centre` (2·tokens,), `directions` (2·tokens, D)."""

    centre: Floats32
    directions: Floats32
    networks: tuple[Network, ...]

    def inputs(self, features: Floats32) -> Floats32:
        """Inputs of the networks, (L, D + context), from `extract_features`."""
        split = len(self.centre)
        return np.concatenate([(features[:, :split] - self.centre) @ self.directions, features[:, split:]], axis=1)

    def log_probabilities(self, features: Floats32) -> ctc.Floats:
        """Log of the networks' mean probabilities of the P phones and of a deletion, (L, P + 1)."""
        inputs = self.inputs(features)
        each = np.stack([network.log_probabilities(inputs) for network in self.networks])
        logs: ctc.Floats = np.logaddexp.reduce(each, axis=0) - np.log(len(self.networks))
        return logs


@dataclass(frozen=True)
class Model:
    """The fitted rescoring of a language: `mix` = a, b, c of the formula above; `log_priors` (P, P + 1): log π."""

    name: str
    tokens: tuple[str, ...]
    ensemble: Ensemble
    mix: tuple[float, float, float]
    log_priors: ctc.Floats

    def rescore(self, expected: ExpectedPhones, ctc_log_odds: ctc.Floats, token_log_probs: Floats32) -> Rescored:
        """Combines `ctc.edit_log_odds` (L, P + 1) with the networks' reading of the tokens (T, tokens)."""
        features = extract_features(expected, token_log_probs)
        log_probs = self.ensemble.log_probabilities(features)
        network_odds = network_log_odds(expected.columns, log_probs)
        prior = np.where(expected.acceptable, -np.inf, self.log_priors[expected.columns])
        a, b, c = self.mix
        z = a * pooled_log_odds(network_odds + prior) + b * pooled_log_odds(ctc_log_odds + prior) + c
        best = (a * network_odds + b * ctc_log_odds + prior).argmax(axis=1)
        scores = PhoneScores(1.0 / (1.0 + np.exp(z)), np.where(z > 0, best, expected.columns), best)
        return Rescored(scores, log_probs, features[:, -TIMING_SIZE:])


def extract_features(expected: ExpectedPhones, token_log_probs: Floats32) -> Floats32:
    """Features of every expected phone, (L, 2·tokens + context), from token log probabilities (T, tokens)."""
    means, peaks, frames = _token_means(expected.lattice, token_log_probs)
    none = expected.acceptable.shape[1] - 1
    neighbours = np.zeros((2, len(expected.columns), none + 1))
    places = np.arange(len(expected.columns))
    padded = np.concatenate([[none], expected.columns, [none]])
    neighbours[0, places, padded[:-2]] = 1.0
    neighbours[1, places, padded[2:]] = 1.0
    parts = (means, peaks, neighbours[0], neighbours[1], _timing(expected, frames))
    return np.concatenate(parts, axis=1).astype(np.float32)


def _token_means(lattice: ctc.Lattice, tokens: Floats32) -> tuple[ctc.Floats, ctc.Floats, ctc.Floats]:
    """Per phone: the tokens' mean weighted by its occupancy, their mean around its peak, and the frames it is held.

    Shapes (L, tokens), (L, tokens), (L,).
    """
    length = len(lattice.phones)
    means = np.empty((length, tokens.shape[1]))
    peaks = np.empty_like(means)
    frames = np.empty(length)
    sums = np.concatenate([np.zeros((1, tokens.shape[1])), np.cumsum(tokens, axis=0, dtype=np.float64)])
    for start, occupancy in lattice.occupancies():
        block = slice(start, start + occupancy.shape[1])
        frames[block] = occupancy.sum(axis=0)
        means[block] = (occupancy.T @ tokens) / (frames[block][:, None] + 1e-9)
        peak = occupancy.argmax(axis=0)
        low, high = np.maximum(peak - _PEAK_FRAMES, 0), np.minimum(peak + _PEAK_FRAMES + 1, len(tokens))
        peaks[block] = (sums[high] - sums[low]) / (high - low)[:, None]
    return means, peaks, frames


def _timing(expected: ExpectedPhones, frames: ctc.Floats) -> ctc.Floats:
    """Duration, distances and place of every phone, (L, 5).

    Log of the frames it is held, log distance of its peak to the one before and the one after in units of the line's
    mean phone, and 1 where it is the first and the last of its word.
    """
    whole = len(expected.lattice.logp)
    steps = np.diff(expected.lattice.peaks, prepend=0, append=whole - 1)
    distances = np.log1p(np.maximum(steps, 0)) - np.log(whole / len(frames))
    edges = np.zeros((2, len(frames)))
    edges[0, expected.word_bounds[:-1]] = 1.0
    edges[1, expected.word_bounds[1:] - 1] = 1.0
    return np.stack([np.log(frames + 0.1), distances[:-1], distances[1:], *edges], axis=1)


def network_log_odds(columns: ctc.Ints, log_probs: ctc.Floats) -> ctc.Floats:
    """Log-odds of every alternative against the expected phone, (L, P + 1), from log probabilities (L, P + 1)."""
    log_odds: ctc.Floats = log_probs - log_probs[np.arange(len(columns)), columns][:, None]
    return log_odds


def pooled_log_odds(weighted: ctc.Floats) -> ctc.Floats:
    """log Σ exp over the alternatives (L, P + 1), limited to ± 12, (L,)."""
    limited: ctc.Floats = np.clip(np.logaddexp.reduce(weighted, axis=1), -_MAX_LOG_ODDS, _MAX_LOG_ODDS)
    return limited


@cache
def log_priors(profile: LanguageProfile) -> ctc.Floats:
    """log π(e, q), (P, P + 1); −inf where q is e."""
    phones = profile.phones
    table = np.full((len(phones), len(phones) + 1), np.log(RARE_CONFUSION))
    for phone, confused in profile.learner_errors.confusions.items():
        for other in confused:
            table[phones.index[phone], phones.index[other]] = 0.0
    table[:, phones.none] = 0.0
    table[np.arange(len(phones)), np.arange(len(phones))] = -np.inf
    return table


@cache
def load(profile: LanguageProfile) -> Model:
    """Reads the fitted model of a language; returns the same object every time."""
    path = profile.rescoring_model
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    a, b, c = stored["mix"]
    ensemble = _read_weights(path.with_suffix(".npz"))
    return Model(stored["name"], tuple(stored["tokens"]), ensemble, (a, b, c), log_priors(profile))


def _read_weights(path: Path) -> Ensemble:
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name].astype(np.float32) for name in stored.files}
    names = ("inward", "inward_bias", "outward", "outward_bias")
    count = sum(name.startswith("inward_bias") for name in arrays)
    networks = tuple(Network(*(arrays[f"{name}_{number}"] for name in names)) for number in range(count))
    return Ensemble(arrays["centre"], arrays["directions"], networks)


def store(ensemble: Ensemble, description: dict[str, Any], path: Path) -> None:
    """Writes what `load` reads: the description to `path`, the weights in half precision beside it."""
    arrays = {"centre": ensemble.centre, "directions": ensemble.directions}
    for number, network in enumerate(ensemble.networks):
        arrays |= {f"{name}_{number}": value for name, value in vars(network).items()}
    path.write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    halves: dict[str, Any] = {name: value.astype(np.float16) for name, value in arrays.items()}
    np.savez_compressed(path.with_suffix(".npz"), allow_pickle=False, **halves)
