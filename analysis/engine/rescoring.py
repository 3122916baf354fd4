"""A second vote on every sound: another reading of what the acoustic model computed, combined with its first.

The first vote (`gop.py`) sees 39 sounds, each the sum of several tokens. The model's 191 token scores hold more:
all of its last hidden layer. A small network over them, fitted on rendered speech whose sounds were chosen, tells
IH from IY or AE from EH far better. With `l_q` its log-probability of sound q at expected sound e, `g_q` the CTC
log-odds of q against e, and `π` how common a confusion is:
    o = log Σ_q π(e, q) exp(l_q − l_e)      g = log Σ_q π(e, q) exp(g_q)      q: every other sound, and none
    posterior = 1 / (1 + exp(a·o + b·g + c))
The network sees the tokens' mean over where the line's own path holds the sound, their mean within ± 2 frames of
the peak, the expected neighbours (coarticulation), how long the sound is held and how far its neighbours are (vowel
length), and whether it begins or ends a word. `python -m analysis.eval.fit` fits and writes the model.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from analysis.engine import ctc
from analysis.engine.phones import INDEX, PHONES

Tokens = npt.NDArray[np.float32]
Singles = npt.NDArray[np.float32]

PATH: Final = Path(__file__).parent / "models" / "rescoring.json"
"""What was fitted on what, and its limits; the weights lie beside it (.npz)."""
NONE: Final = len(PHONES)
"""The index of "no sound" among what may be heard, and of "no neighbour" at a line's ends."""
OTHER_FEATURES: Final = 2 * (NONE + 1) + 5
"""What is seen of a sound besides its tokens: two neighbours, and five figures of time and place."""
_FLOOR: Final = -12.0
_AROUND: Final = 2
# Odds beyond this say "sure" and no more; they may not outvote the other vote without limit.
_CAP: Final = 12.0

# What Korean speakers of English say instead, and the same in reverse where that is heard, too.
RIVALS: Final[dict[str, tuple[str, ...]]] = {
    **{"IH": ("IY",), "IY": ("IH",), "AE": ("EH",), "EH": ("AE",), "UW": ("UH",), "UH": ("UW",)},
    **{"OW": ("AO",), "AO": ("OW",), "AH": ("AA",), "ER": ("AO",)},
    **{"V": ("B",), "B": ("V",), "F": ("P",), "P": ("F",), "R": ("L",), "L": ("R",)},
    **{
        "TH": ("S", "T"),
        "S": ("TH", "SH"),
        "DH": ("D", "Z"),
        "D": ("DH",),
        "Z": ("JH", "S"),
        "JH": ("Z",),
        "SH": ("S",),
    },
}
RARE: Final = 0.02
"""π of a confusion that is not in the table."""


@dataclass(frozen=True)
class Line:
    """What is judged: the lattice, the sounds a learner should say (L,), which may be called otherwise in the
    lattice, the words' phone offsets (words + 1,), and which sounds are as good as the expected one (L, 40)."""

    lattice: ctc.Lattice
    expected: ctc.Ints
    bounds: ctc.Ints
    as_good: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Vote:
    """Per expected sound: its posterior (L,), and the index of what was heard (L,), `NONE` = nothing."""

    posteriors: ctc.Floats
    heard: ctc.Ints


@dataclass(frozen=True)
class Network:
    """One hidden layer: (inputs, hidden), (hidden,), (hidden, 40), (40,)."""

    inward: Singles
    inward_bias: Singles
    outward: Singles
    outward_bias: Singles

    def log_probabilities(self, inputs: Singles) -> ctc.Floats:
        """Of the 39 sounds and of none, (L, 40)."""
        hidden = np.maximum(inputs @ self.inward + self.inward_bias, 0.0)
        scores = (hidden @ self.outward + self.outward_bias).astype(np.float64)
        scores -= scores.max(axis=1, keepdims=True)
        logs: ctc.Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return logs


@dataclass(frozen=True)
class ReadOut:
    """The fitted networks over the tokens' principal directions: `centre` (2·tokens,), `directions` (2·tokens, D)."""

    centre: Singles
    directions: Singles
    networks: tuple[Network, ...]

    def inputs(self, seen: Singles) -> Singles:
        """What the networks take of `features`."""
        split = len(self.centre)
        return np.concatenate([(seen[:, :split] - self.centre) @ self.directions, seen[:, split:]], axis=1)

    def log_probabilities(self, seen: Singles) -> ctc.Floats:
        """Of the 39 sounds and of none, the networks' mean, (L, 40)."""
        inputs = self.inputs(seen)
        each = np.stack([network.log_probabilities(inputs) for network in self.networks])
        logs: ctc.Floats = np.logaddexp.reduce(each, axis=0) - np.log(len(self.networks))
        return logs


@dataclass(frozen=True)
class Model:
    """The fitted vote. `mix` = a, b, c; `flags`: pair → log-odds of "wrong" from which on a sound of that pair is
    worth correcting."""

    name: str
    tokens: tuple[str, ...]
    read_out: ReadOut
    mix: tuple[float, float, float]
    flags: dict[tuple[str, str | None], float]

    def vote(self, line: Line, gains: ctc.Floats, tokens: Tokens) -> Vote:
        """`gains` (L, 40): CTC log-odds of each sound, then of none, against the expected; `tokens`: (T, tokens)."""
        read = self.read_out.log_probabilities(features(line, tokens))
        first, second, prior = odds(line.expected, gains, read)
        prior = np.where(line.as_good, -np.inf, prior)
        a, b, c = self.mix
        z = a * total(second + prior) + b * total(first + prior) + c
        best = (a * second + b * first + prior).argmax(axis=1)
        return Vote(1.0 / (1.0 + np.exp(z)), np.where(z > 0, best, line.expected))

    def flag_below(self, expected: str, heard: str | None) -> float | None:
        """The posterior under which this confusion may be pointed out; None = never."""
        limit = self.flags.get((expected, heard))
        return None if limit is None else float(1.0 / (1.0 + np.exp(limit)))


def features(line: Line, tokens: Tokens) -> Singles:
    """What the read-out sees of every sound, (L, 2·tokens + OTHER_FEATURES)."""
    length = len(line.expected)
    held = np.empty((length, tokens.shape[1]))
    near = np.empty_like(held)
    frames = np.empty(length)
    sums = np.concatenate([np.zeros((1, tokens.shape[1])), np.cumsum(tokens, axis=0, dtype=np.float64)])
    for start, occupancy in line.lattice.occupancies():
        block = slice(start, start + occupancy.shape[1])
        frames[block] = occupancy.sum(axis=0)
        held[block] = (occupancy.T @ tokens) / (frames[block][:, None] + 1e-9)
        peak = occupancy.argmax(axis=0)
        low, high = np.maximum(peak - _AROUND, 0), np.minimum(peak + _AROUND + 1, len(tokens))
        near[block] = (sums[high] - sums[low]) / (high - low)[:, None]
    around = np.zeros((2, length, NONE + 1))
    padded = np.concatenate([[NONE], line.expected, [NONE]])
    around[0, np.arange(length), padded[:-2]] = 1.0
    around[1, np.arange(length), padded[2:]] = 1.0
    parts = (held, near, around[0], around[1], _timing(line, frames))
    return np.concatenate(parts, axis=1).astype(np.float32)


def _timing(line: Line, frames: ctc.Floats) -> ctc.Floats:
    """Per sound, (L, 5): log of the frames it is held, log distance of its peak to the one before and the one after
    in units of the line's mean sound, and whether it is the first and the last of its word."""
    whole = len(line.lattice.logp)
    steps = np.diff(line.lattice.peaks, prepend=0, append=whole - 1)
    apart = np.log1p(np.maximum(steps, 0)) - np.log(whole / len(frames))
    edges = np.zeros((2, len(frames)))
    edges[0, line.bounds[:-1]] = 1.0
    edges[1, line.bounds[1:] - 1] = 1.0
    return np.stack([np.log(frames + 0.1), apart[:-1], apart[1:], *edges], axis=1)


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
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    flags: dict[tuple[str, str | None], float] = {}
    for pair, limit in stored["flag_from_log_odds"].items():
        expected, heard = pair.split(">")
        flags[expected, heard or None] = float(limit)
    a, b, c = stored["mix"]
    return Model(stored["name"], tuple(stored["tokens"]), _weights(path.with_suffix(".npz")), (a, b, c), flags)


def _weights(path: Path) -> ReadOut:
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name].astype(np.float32) for name in stored.files}
    names = ("inward", "inward_bias", "outward", "outward_bias")
    count = sum(name.startswith("inward_bias") for name in arrays)
    networks = tuple(Network(*(arrays[f"{name}_{number}"] for name in names)) for number in range(count))
    return ReadOut(arrays["centre"], arrays["directions"], networks)


def store(model: ReadOut, description: dict[str, Any], path: Path = PATH) -> None:
    """Writes what `load` reads; the weights in half precision."""
    arrays = {"centre": model.centre, "directions": model.directions}
    for number, network in enumerate(model.networks):
        arrays |= {f"{name}_{number}": value for name, value in vars(network).items()}
    path.write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    halves: dict[str, Any] = {name: value.astype(np.float16) for name, value in arrays.items()}
    np.savez_compressed(path.with_suffix(".npz"), allow_pickle=False, **halves)
