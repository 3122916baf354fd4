"""The rating network: features of the sounds of a line → the ratings that people would give, computed with numpy.

A small transformer over the sounds of the line (Vaswani et al. 2017), with outputs for every sound, every word and the
line (after Gong et al. 2022, "Transformer-based multi-aspect multi-granularity non-native English speaker pronunciation
assessment"). `analysis/eval/rating_training.py` fits it; its forward pass there and here compute the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.engine.activations import Floats32, gelu, layer_norm, sigmoid, softmax

Ints = npt.NDArray[np.int64]

HEADS: Final = 4
REACH: Final = 16
"""Relative positions beyond this many sounds share one weight of attention."""
OTHER_WORD: Final = -4.0
"""Added to the first head's attention between sounds of different words."""
INPUTS: Final = ("phones", "layers", "words", "line")
ASPECTS: Final = ("accuracy", "fluency", "prosodic", "total")
"""The aspects of a line that people rated, in the order of the outputs."""
PHONE_START: Final = 1.5
LINE_START: Final = 0.8
"""Added before the logistic function, so that an untrained network rates as most people do."""
LIMIT: Final = 6.0
"""Largest scaled input, in both directions."""


@dataclass(frozen=True, eq=False)
class RatingInputs:
    """Features of L sounds in W words, float32: `phones` (L, F), `layers` (L, H), `words` (W, G), `line` (U,).

    `word_of_phone` (L,) holds the index of each sound's word; `posteriors` (L,) are those of the rescoring, 0–1;
    `known_errors` (L,) is 1 where it recognises what learners are known to say instead.
    """

    phones: Floats32
    layers: Floats32
    words: Floats32
    line: Floats32
    word_of_phone: Ints
    posteriors: Floats32
    known_errors: Floats32


@dataclass(frozen=True, eq=False)
class Ratings:
    """Expected ratings, float64: `phones` (L,) 0–2; `words` (W,) 0–10; `line` by aspect 0–10.

    `wrong` (L,) is the log-odds that people rate a sound below 1.
    """

    phones: npt.NDArray[np.float64]
    wrong: npt.NDArray[np.float64]
    words: npt.NDArray[np.float64]
    line: dict[str, float]


@dataclass(frozen=True, eq=False)
class Network:
    """One fitted network. `scales` holds mean and deviation of each input; `weights` are named as in the fit."""

    scales: Mapping[str, tuple[Floats32, Floats32]]
    weights: Mapping[str, Floats32]

    def rate(self, inputs: RatingInputs) -> Ratings:
        """Rates the sounds, the words and the line."""
        scaled = {name: self._scale(name, getattr(inputs, name)) for name in INPUTS}
        line = gelu(self._linear("line_in", scaled["line"][None]))
        phones = self._encode(scaled["phones"], scaled["layers"], inputs.word_of_phone)
        rated, wrong = self._rate_phones(phones, line)
        words = self._rate_words(phones, rated, line, scaled["words"], inputs.word_of_phone)
        whole = self._rate_line(phones, rated, words, line)
        aspects = {name: float(value) for name, value in zip(ASPECTS, whole, strict=True)}
        return Ratings(rated.astype(np.float64), wrong.astype(np.float64), words.astype(np.float64), aspects)

    def _scale(self, name: str, values: Floats32) -> Floats32:
        mean, deviation = self.scales[name]
        scaled: Floats32 = np.clip((values - mean) / deviation, -LIMIT, LIMIT).astype(np.float32)
        return scaled

    def _linear(self, name: str, rows: Floats32) -> Floats32:
        mapped: Floats32 = rows @ self.weights[f"{name}.w"] + self.weights[f"{name}.b"]
        return mapped

    def _norm(self, name: str, rows: Floats32) -> Floats32:
        return layer_norm(rows, self.weights[f"{name}.g"], self.weights[f"{name}.b"])

    def _encode(self, phones: Floats32, layers: Floats32, word_of_phone: Ints) -> Floats32:
        """Returns the sounds in their context, (L, channels)."""
        inner = gelu(self._linear("layers_in", layers))
        rows = self._linear("phones_in", phones) + self._linear("layers_mix", inner)
        rows = gelu(self._norm("start", rows))
        depth = sum(name.endswith(".relative") for name in self.weights)
        for at in range(depth):
            rows = rows + self._attend(f"layer{at}", self._norm(f"layer{at}.norm1", rows), word_of_phone)
            hidden = gelu(self._linear(f"layer{at}.wide", self._norm(f"layer{at}.norm2", rows)))
            rows = rows + self._linear(f"layer{at}.narrow", hidden)
        return rows

    def _attend(self, name: str, rows: Floats32, word_of_phone: Ints) -> Floats32:
        count, width = rows.shape
        queries, keys, values = (
            part.reshape(count, HEADS, -1).transpose(1, 0, 2)
            for part in np.split(self._linear(f"{name}.query", rows), 3, axis=1)
        )
        places = np.arange(count)
        distance = np.clip(places[None] - places[:, None], -REACH, REACH) + REACH
        scores = queries @ keys.transpose(0, 2, 1) * np.float32((width // HEADS) ** -0.5)
        scores = scores + self.weights[f"{name}.relative"][:, distance]
        scores[0] += np.where(word_of_phone[:, None] == word_of_phone[None], 0.0, OTHER_WORD).astype(np.float32)
        mixed = softmax(scores) @ values
        return self._linear(f"{name}.out", mixed.transpose(1, 0, 2).reshape(count, width))

    def _rate_phones(self, phones: Floats32, line: Floats32) -> tuple[Floats32, Floats32]:
        """Returns the ratings 0–2 (L,), and the log-odds of a rating below 1 (L,)."""
        both = np.concatenate([phones, np.broadcast_to(line, (len(phones), line.shape[1]))], axis=1)
        scores = self._linear("phone_out", gelu(self._linear("phone_mix", both)))
        return np.float32(2.0) * sigmoid(scores[:, 0] + np.float32(PHONE_START)), scores[:, 1]

    def _rate_words(
        self, phones: Floats32, rated: Floats32, line: Floats32, words: Floats32, word_of_phone: Ints
    ) -> Floats32:
        """Returns the ratings 0–10 of the words, (W,)."""
        own = (word_of_phone[None] == np.arange(len(words))[:, None]).astype(np.float32)
        shares = own / own.sum(axis=1, keepdims=True)
        lowest = np.where(own > 0, rated[None], np.float32(3.0)).min(axis=1)
        parts = (
            shares @ phones,
            np.broadcast_to(line, (len(words), line.shape[1])),
            gelu(self._linear("words_in", words)),
            np.stack([shares @ rated, lowest], axis=1),
        )
        hidden = gelu(self._linear("word_mix", np.concatenate(parts, axis=1)))
        return np.float32(10.0) * sigmoid(self._linear("word_out", hidden)[:, 0] + np.float32(PHONE_START))

    def _rate_line(self, phones: Floats32, rated: Floats32, words: Floats32, line: Floats32) -> Floats32:
        """Returns the aspects of the line 0–10, (aspects,)."""
        attention = softmax(self._linear("attention", phones).T)
        figures = (
            words.mean() / 10,
            words.min() / 10,
            rated.mean(),
            (rated < 1).mean(),
            np.log(len(phones) + 1) / 3,
        )
        parts = ((attention @ phones).reshape(1, -1), line, np.array([figures], dtype=np.float32))
        hidden = gelu(self._linear("line_mix", np.concatenate(parts, axis=1)))
        scores = self._linear("line_out", hidden)[0]
        return np.float32(10.0) * sigmoid(scores + np.float32(LINE_START))


def rate(networks: Sequence[Network], inputs: RatingInputs) -> Ratings:
    """Returns the mean ratings of several networks."""
    each = [network.rate(inputs) for network in networks]
    return Ratings(
        np.mean([ratings.phones for ratings in each], axis=0),
        np.mean([ratings.wrong for ratings in each], axis=0),
        np.mean([ratings.words for ratings in each], axis=0),
        {name: float(np.mean([ratings.line[name] for ratings in each])) for name in ASPECTS},
    )
