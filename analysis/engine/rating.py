"""The fitted rating model of a language: networks, curves from ratings to scores, and the limit for flags.

`analysis/eval/fit_rating.py` fits and writes it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.engine import rating_network
from analysis.engine.activations import Floats32
from analysis.engine.language_profile import Curve, LanguageProfile
from analysis.engine.line_gate import Gate, Layer, ReadingLimits
from analysis.engine.rating_network import Network, RatingInputs, Ratings

_GATE_PARTS: Final = ("inward", "inward_bias", "outward", "outward_bias")
# Log-odds of a wrong sound at which the rescoring is sure, and those from which it counts for a flag.
_SURE_ERROR: Final = 6.0
_FLAG_FROM: Final = 2.0
_FLAG_GAIN: Final = 0.4
_KNOWN_BELOW: Final = 0.05
_KNOWN_GAIN: Final = 2.5
_PHONE_LOSS: Final = 0.3
_WORD_LOSS: Final = 0.2
_SURE: Final = 1e-4
SCORED: Final = ("phone", "word", "accuracy", "fluency", "prosodic")
"""The ratings that have a curve."""


@dataclass(frozen=True, eq=False)
class Model:
    """`curves`: expected rating (0–2 for phones, 0–10 for the others) → score 0–100, monotone. `flag_from`: log-odds of
    a wrong phone from which on it is worth correcting; `reading_from`: log-odds of the gate from which on a take is a
    reading of the line, for lines of up to three words and for longer ones. `calibration` names the fit in results."""

    name: str
    calibration: str
    networks: tuple[Network, ...]
    curves: Mapping[str, Curve]
    flag_from: float
    gate: Gate
    reading_from: ReadingLimits

    def rate(self, inputs: RatingInputs) -> Ratings:
        """Returns the ratings that people are expected to give."""
        return with_sure_errors(rating_network.rate(self.networks, inputs), inputs)

    def score(self, rated: str, rating: float) -> float:
        """Returns the score 0–100 of a rating; `rated` is one of SCORED."""
        return float(np.interp(rating, *self.curves[rated]))


def with_sure_errors(ratings: Ratings, inputs: RatingInputs) -> Ratings:
    """Lowers ratings where the rescoring is sure of another sound, by up to 30 % of a sound and 20 % of its word.

    The networks see that, too, but forgive it in a line that is good otherwise: raters of learners rarely met a single
    clear error. A confusion that the language profile names counts in full. The amounts are the largest that leave the
    agreement with the raters and the hits of flags nearly as they are.
    """
    doubt = np.log(1.0 - inputs.posteriors + _SURE) - np.log(inputs.posteriors + _SURE)
    known = (inputs.known_errors > 0) & (inputs.posteriors < _KNOWN_BELOW)
    share = np.where(known, 1.0, np.clip(doubt / _SURE_ERROR, 0.0, 1.0))
    worst = np.zeros(len(ratings.words))
    np.maximum.at(worst, inputs.word_of_phone, share)
    return Ratings(
        phones=ratings.phones * (1.0 - _PHONE_LOSS * share),
        wrong=ratings.wrong + _FLAG_GAIN * np.maximum(0.0, doubt - _FLAG_FROM) + _KNOWN_GAIN * known,
        words=ratings.words * (1.0 - _WORD_LOSS * worst),
        line=ratings.line,
    )


@cache
def load(profile: LanguageProfile) -> Model:
    """Reads the fitted model of a language; returns the same object every time."""
    return read(profile.rating_model)


def read(path: Path) -> Model:
    """Reads a model: the description (.json), and the networks beside it (.npz)."""
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    curves = {name: (tuple(points[0]), tuple(points[1])) for name, points in stored["curves"].items()}
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as weights:
        arrays = {name: weights[name].astype(np.float32) for name in weights.files}
    return Model(
        name=stored["name"],
        calibration=stored["calibration"],
        networks=_read_networks(arrays),
        curves=curves,
        flag_from=float(stored["flag_from"]),
        gate=_read_gate(arrays),
        reading_from=ReadingLimits(**stored["reading_from"]),
    )


def _read_gate(arrays: dict[str, Floats32]) -> Gate:
    count = len({name.split("/")[1] for name in arrays if name.startswith("gate/") and name.count("/") > 1})
    layers = [Layer(**{part: arrays[f"gate/{number}/{part}"] for part in _GATE_PARTS}) for number in range(count)]
    return Gate(arrays["gate/mean"], arrays["gate/deviation"], layers)


def _read_networks(arrays: dict[str, Floats32]) -> tuple[Network, ...]:
    scales = {name: (arrays[f"mean/{name}"], arrays[f"deviation/{name}"]) for name in rating_network.INPUTS}
    count = len({name.split("/")[1] for name in arrays if name.startswith("network/")})
    return tuple(_read_network(arrays, number, scales) for number in range(count))


def _read_network(
    arrays: dict[str, Floats32],
    number: int,
    scales: Mapping[str, tuple[Floats32, Floats32]],
) -> Network:
    prefix = f"network/{number}/"
    weights = {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}
    return Network(scales, weights)


def store(networks: Sequence[Network], gate: Gate, description: dict[str, Any], path: Path) -> None:
    """Writes what `read` reads: the description to `path`, the weights in half precision beside it.

    All networks must have been fitted with the same scales.
    """
    arrays: dict[str, Any] = {}
    for name, (mean, deviation) in networks[0].scales.items():
        arrays |= {f"mean/{name}": mean, f"deviation/{name}": deviation}
    for number, network in enumerate(networks):
        arrays |= {f"network/{number}/{name}": value.astype(np.float16) for name, value in network.weights.items()}
    arrays |= {"gate/mean": gate.mean, "gate/deviation": gate.deviation}
    for number, layer in enumerate(gate.networks):
        arrays |= {f"gate/{number}/{part}": getattr(layer, part) for part in _GATE_PARTS}
    path.write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    np.savez_compressed(path.with_suffix(".npz"), allow_pickle=False, **arrays)
