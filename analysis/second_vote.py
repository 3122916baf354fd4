"""A second vote on every sound: another reading of what the acoustic model computed, combined with its first.

The first vote (`gop.py`) sees 39 sounds, each the sum of several tokens. The model's 191 token scores hold more:
all of its last hidden layer. A linear read-out of them, fitted on rendered speech whose sounds were chosen, tells
IH from IY or AE from EH far better. With `l_q` its log-probability of sound q at expected sound e, `g_q` the CTC
log-odds of q against e, and `π` how common a confusion is:
    o = log Σ_q π(e, q) exp(l_q − l_e)      g = log Σ_q π(e, q) exp(g_q)      q: every other sound, and none
    posterior = 1 / (1 + exp(a·o + b·g + c))
The read-out sees the tokens' mean over where the line's own path holds the sound, their mean within ± 2 frames of
the peak, and the expected neighbours (coarticulation). `python -m analysis.eval.fit` fits and writes the model.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from analysis import ctc
from analysis.phones import INDEX, PHONES

Tokens = npt.NDArray[np.float32]

PATH: Final = Path(__file__).parent / "models" / "second_vote.json"
NONE: Final = len(PHONES)
"""The index of "no sound" among what may be heard, and of "no neighbour" at a line's ends."""
_FLOOR: Final = -12.0
_AROUND: Final = 2
# Odds beyond this say "sure" and no more; they may not outvote the other vote without limit.
_CAP: Final = 12.0

# What Korean speakers of English say instead, and the same in reverse where that is heard, too.
RIVALS: Final[dict[str, tuple[str, ...]]] = {
    **{"IH": ("IY",), "IY": ("IH",), "AE": ("EH",), "EH": ("AE",), "UW": ("UH",), "UH": ("UW",)},
    **{"OW": ("AO",), "AO": ("OW",), "AH": ("AA",), "ER": ("AO",)},
    **{"V": ("B",), "B": ("V",), "F": ("P",), "P": ("F",), "R": ("L",), "L": ("R",)},
    **{"TH": ("S", "T"), "S": ("TH", "SH"), "DH": ("D", "Z"), "Z": ("JH", "S"), "JH": ("Z",), "SH": ("S",)},
}
RARE: Final = 0.02
"""π of a confusion that is not in the table."""


@dataclass(frozen=True)
class Vote:
    """Per expected sound: its posterior (L,), and the index of what was heard (L,), `NONE` = nothing."""

    posteriors: ctc.Floats
    heard: ctc.Ints


@dataclass(frozen=True)
class Model:
    """The fitted read-out. `weights` (features, 40), `bias` (40,); `mix` = a, b, c; `flags`: pair → log-odds of
    "wrong" from which on a sound of that pair is worth correcting."""

    name: str
    tokens: tuple[str, ...]
    weights: ctc.Floats
    bias: ctc.Floats
    mix: tuple[float, float, float]
    flags: dict[tuple[str, str | None], float]

    def vote(self, lattice: ctc.Lattice, gains: ctc.Floats, tokens: Tokens) -> Vote:
        """`gains` (L, 40): CTC log-odds of each sound, then of none, against the expected; `tokens`: (T, tokens)."""
        read = read_out(features(lattice, tokens), self.weights, self.bias)
        first, second, prior = odds(lattice.phones, gains, read)
        own = np.arange(len(lattice.phones)), lattice.phones
        a, b, c = self.mix
        z = a * total(second + prior) + b * total(first + prior) + c
        each = a * second + b * first + prior
        each[own] = -np.inf
        best = each.argmax(axis=1)
        return Vote(1.0 / (1.0 + np.exp(z)), np.where(z > 0, best, lattice.phones))

    def flag_below(self, expected: str, heard: str | None) -> float | None:
        """The posterior under which this confusion may be pointed out; None = never."""
        limit = self.flags.get((expected, heard))
        return None if limit is None else float(1.0 / (1.0 + np.exp(limit)))


def features(lattice: ctc.Lattice, tokens: Tokens) -> ctc.Floats:
    """What the read-out sees of every sound, (L, 2·tokens + 80)."""
    length = len(lattice.phones)
    held = np.empty((length, tokens.shape[1]))
    near = np.empty_like(held)
    sums = np.concatenate([np.zeros((1, tokens.shape[1])), np.cumsum(tokens, axis=0, dtype=np.float64)])
    for start, occupancy in lattice.occupancies():
        block = slice(start, start + occupancy.shape[1])
        held[block] = (occupancy.T @ tokens) / (occupancy.sum(axis=0)[:, None] + 1e-9)
        peak = occupancy.argmax(axis=0)
        low, high = np.maximum(peak - _AROUND, 0), np.minimum(peak + _AROUND + 1, len(tokens))
        near[block] = (sums[high] - sums[low]) / (high - low)[:, None]
    around = np.zeros((2, length, NONE + 1))
    padded = np.concatenate([[NONE], lattice.phones, [NONE]])
    around[0, np.arange(length), padded[:-2]] = 1.0
    around[1, np.arange(length), padded[2:]] = 1.0
    return np.concatenate([held, near, around[0], around[1]], axis=1)


def read_out(seen: ctc.Floats, weights: ctc.Floats, bias: ctc.Floats) -> ctc.Floats:
    """Log-probabilities of the 39 sounds and of none, (L, 40)."""
    scores = seen @ weights + bias
    scores -= scores.max(axis=1, keepdims=True)
    logs: ctc.Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return logs


def odds(expected: ctc.Ints, gains: ctc.Floats, read: ctc.Floats) -> tuple[ctc.Floats, ctc.Floats, ctc.Floats]:
    """Per sound and rival (L, 40): log-odds against the expected sound by the first and the second vote, and log π."""
    rows = np.arange(len(expected))
    prior = _log_priors()[expected]
    return gains, read - read[rows, expected][:, None], prior


def total(weighted: ctc.Floats) -> ctc.Floats:
    """log Σ exp over rivals, limited, (L,)."""
    limited: ctc.Floats = np.clip(np.logaddexp.reduce(weighted, axis=1), -_CAP, _CAP)
    return limited


@cache
def _log_priors() -> ctc.Floats:
    """log π(e, q), (39, 40); −inf where q is e."""
    table = np.full((NONE, NONE + 1), np.log(RARE))
    for phone, rivals in RIVALS.items():
        for rival in rivals:
            table[INDEX[phone], INDEX[rival]] = 0.0
    table[:, NONE] = 0.0
    table[np.arange(NONE), np.arange(NONE)] = -np.inf
    return table


def sharpen(log_probs: ctc.Floats) -> ctc.Floats:
    """Token log-probabilities given that a sound is heard at all: without the silent ones, floored, (T, tokens)."""
    highest = log_probs.max(axis=1, keepdims=True)
    loud = highest + np.log(np.exp(log_probs - highest).sum(axis=1, keepdims=True))
    floored: ctc.Floats = np.maximum(log_probs - loud, _FLOOR)
    return floored


@cache
def load(path: Path = PATH) -> Model:
    """Reads the fitted model; the same object every time."""
    return unpack(json.loads(path.read_text(encoding="utf-8")))


def unpack(stored: dict[str, Any]) -> Model:
    """The model from its JSON form."""
    flags: dict[tuple[str, str | None], float] = {}
    for pair, limit in stored["flag_from_log_odds"].items():
        expected, heard = pair.split(">")
        flags[expected, heard or None] = float(limit)
    a, b, c = stored["mix"]
    tokens: Sequence[str] = stored["tokens"]
    weights = np.array(stored["weights"], dtype=np.float64)
    return Model(stored["name"], tuple(tokens), weights, np.array(stored["bias"]), (a, b, c), flags)
