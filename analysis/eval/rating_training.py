"""Training of the rating network (`analysis.engine.rating_network`) with JAX, which only the fit needs.

The forward pass is that of the engine, for whole batches and with dropout. Parameters have the names and shapes that
the engine reads. Ratings that are unknown are NaN and cost nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import optax

from analysis.engine import rating_network
from analysis.engine.activations import Floats32
from analysis.engine.rating_network import ASPECTS, HEADS, INPUTS, LIMIT, OTHER_WORD, REACH, Network
from analysis.eval.rating_example import Example

Weights = dict[str, jax.Array]
Batch = Mapping[str, Any]
_LAYERS: Final = 2
# Examples are padded to one of these numbers of sounds, and to half as many words.
_LENGTHS: Final = (24, 48, 96, 192)
# Deviations below this share of a usual one would make noise of a feature that hardly varies.
_MIN_DEVIATION: Final = 0.05


@dataclass(frozen=True)
class Options:
    """Settings of one training run."""

    epochs: int = 16
    batch: int = 32
    rate: float = 2e-3
    width: int = 64
    inner: int = 64
    dropout: float = 0.2
    decay: float = 0.02
    average: float = 0.99
    shares: tuple[float, float, float, float] = (1.0, 0.6, 0.6, 0.3)
    """Shares of the losses: sounds, words, line, wrong sounds."""


def scales_of(examples: Sequence[Example]) -> dict[str, tuple[Floats32, Floats32]]:
    """Returns mean and deviation of each input: all networks of a model share them."""
    return {name: _scale([getattr(example.inputs, name) for example in examples]) for name in INPUTS}


def fit(
    examples: Sequence[Example], scales: Mapping[str, tuple[Floats32, Floats32]], seed: int, options: Options
) -> Network:
    """Trains one network. The same examples, seed and options give the same network on the same machine."""
    packed = [pack(group, scales, longest) for longest, group in _by_length(examples)]
    sizes = {name: len(scales[name][0]) for name in INPUTS}
    weights = _initial(jax.random.PRNGKey(seed), sizes, options)
    order = np.random.default_rng(seed)
    rounds = options.epochs * len(_batches(packed, options.batch, np.random.default_rng(0)))
    state, mean = _optimizer(options, rounds).init(weights), weights
    key = jax.random.key(seed + 1, impl="rbg")
    for _ in range(options.epochs):
        for group, chosen in _batches(packed, options.batch, order):
            key, own = jax.random.split(key)
            batch = {name: values[chosen] for name, values in packed[group].items()}
            weights, mean, state = _step(weights, mean, state, batch, own, options, rounds)
    return Network(dict(scales), {name: np.asarray(value) for name, value in mean.items()})


def _by_length(examples: Sequence[Example]) -> list[tuple[int, list[Example]]]:
    """Groups the examples by the length that they are padded to."""
    groups: dict[int, list[Example]] = {}
    for example in examples:
        longest = next(length for length in _LENGTHS if length >= len(example.phones))
        groups.setdefault(longest, []).append(example)
    return sorted(groups.items())


def _batches(packed: Sequence[Batch], size: int, order: np.random.Generator) -> list[tuple[int, np.ndarray]]:
    """Returns group and members of every full batch, in random order."""
    found = []
    for group, arrays in enumerate(packed):
        shuffled = order.permutation(len(arrays["weight"]))
        found += [(group, shuffled[start : start + size]) for start in range(0, len(shuffled) - size + 1, size)]
    return [found[int(at)] for at in order.permutation(len(found))]


def _optimizer(options: Options, rounds: int) -> optax.GradientTransformation:
    schedule = optax.warmup_cosine_decay_schedule(0.0, options.rate, rounds // 10, rounds, options.rate * 0.02)
    return optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=options.decay))


def _plain_step(
    weights: Weights, mean: Weights, state: Any, batch: Batch, key: jax.Array, options: Options, rounds: int
) -> tuple[Weights, Weights, Any]:
    """Returns weights, their running mean and the optimizer's state after one batch."""
    gradient = jax.grad(_loss)(weights, batch, key, options)
    updates, state = _optimizer(options, rounds).update(gradient, state, weights)
    weights = optax.apply_updates(weights, updates)
    share = options.average
    return weights, jax.tree.map(lambda old, new: old * share + new * (1 - share), mean, weights), state


_step: Final = jax.jit(_plain_step, static_argnames=("options", "rounds"))


def _scale(parts: Sequence[Floats32]) -> tuple[Floats32, Floats32]:
    rows = np.concatenate([np.atleast_2d(part) for part in parts])
    return rows.mean(axis=0).astype(np.float32), np.maximum(rows.std(axis=0), _MIN_DEVIATION).astype(np.float32)


def pack(
    examples: Sequence[Example], scales: Mapping[str, tuple[Floats32, Floats32]], longest: int
) -> dict[str, np.ndarray]:
    """Returns arrays for all examples: inputs scaled and padded to `longest` sounds, ratings NaN in the padding."""
    count, most = len(examples), longest // 2
    rows = {"phones": longest, "layers": longest, "words": most}
    packed: dict[str, np.ndarray] = {
        name: np.zeros((count, length, len(scales[name][0])), np.float32) for name, length in rows.items()
    }
    packed["line"] = np.zeros((count, len(scales["line"][0])), np.float32)
    packed["word_of_phone"] = np.full((count, longest), most, np.int32)
    packed["phone_ratings"] = np.full((count, longest), np.nan, np.float32)
    packed["word_ratings"] = np.full((count, most), np.nan, np.float32)
    packed["line_ratings"] = np.stack([example.line for example in examples]).astype(np.float32)
    packed["weight"] = np.array([example.weight for example in examples], np.float32)
    for at, example in enumerate(examples):
        for name in rows:
            values = getattr(example.inputs, name)
            packed[name][at, : len(values)] = _scaled(values, scales[name])
        packed["line"][at] = _scaled(example.inputs.line, scales["line"])
        packed["word_of_phone"][at, : len(example.phones)] = example.inputs.word_of_phone
        packed["phone_ratings"][at, : len(example.phones)] = example.phones
        packed["word_ratings"][at, : len(example.words)] = example.words
    return packed


def _scaled(values: Floats32, scale: tuple[Floats32, Floats32]) -> Floats32:
    scaled: Floats32 = np.clip((values - scale[0]) / scale[1], -LIMIT, LIMIT)
    return scaled


def _initial(key: jax.Array, sizes: Mapping[str, int], options: Options) -> Weights:
    width, inner = options.width, options.inner
    shapes = {
        "phones_in": (sizes["phones"], width, 1.0),
        "layers_in": (sizes["layers"], inner, 1.0),
        "layers_mix": (inner, width, 1.0),
        "line_in": (sizes["line"], width, 1.0),
        "phone_mix": (2 * width, width, 1.0),
        "phone_out": (width, 2, 1.0),
        "words_in": (sizes["words"], width // 2, 1.0),
        "word_mix": (2 * width + width // 2 + 2, width, 1.0),
        "word_out": (width, 1, 1.0),
        "attention": (width, HEADS, 1.0),
        "line_mix": (HEADS * width + width + 5, width, 1.0),
        "line_out": (width, len(ASPECTS), 1.0),
    }
    for at in range(_LAYERS):
        shapes |= {
            f"layer{at}.query": (width, 3 * width, 1.0),
            f"layer{at}.out": (width, width, 0.3),
            f"layer{at}.wide": (width, 2 * width, 1.0),
            f"layer{at}.narrow": (2 * width, width, 0.3),
        }
    keys = jax.random.split(key, len(shapes))
    weights: Weights = {}
    for own, (name, (inputs, outputs, gain)) in zip(keys, shapes.items(), strict=True):
        weights[f"{name}.w"] = jax.random.normal(own, (inputs, outputs)) * gain / np.sqrt(inputs)
        weights[f"{name}.b"] = jnp.zeros(outputs)
    for name in ("start", *(f"layer{at}.norm{part}" for at in range(_LAYERS) for part in (1, 2))):
        weights[f"{name}.g"], weights[f"{name}.b"] = jnp.ones(width), jnp.zeros(width)
    for at in range(_LAYERS):
        weights[f"layer{at}.relative"] = jnp.zeros((HEADS, 2 * REACH + 1))
    return weights


class _Pass:
    """One forward pass over a batch, with dropout."""

    def __init__(self, weights: Weights, batch: Batch, key: jax.Array, dropout: float) -> None:
        self._weights, self._batch, self._key, self._dropout = weights, batch, key, dropout
        self.mask = jnp.where(batch["word_of_phone"] < batch["words"].shape[1], 1.0, 0.0)
        self.own = jax.nn.one_hot(batch["word_of_phone"], batch["words"].shape[1]) * self.mask[..., None]
        self.word_mask = jnp.where(self.own.sum(axis=1) > 0, 1.0, 0.0)

    def run(self) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
        """Returns ratings of sounds (N, L), log-odds of wrong ones (N, L), of words (N, W), of lines (N, 4)."""
        half = self._dropout / 2
        line = jax.nn.gelu(self._linear("line_in", self._drop(self._batch["line"], half)))
        inner = jax.nn.gelu(self._linear("layers_in", self._drop(self._batch["layers"])))
        rows = self._linear("phones_in", self._drop(self._batch["phones"], half))
        rows = jax.nn.gelu(self._norm("start", rows + self._linear("layers_mix", self._drop(inner))))
        for at in range(_LAYERS):
            rows = rows + self._drop(self._attend(f"layer{at}", self._norm(f"layer{at}.norm1", rows)))
            wide = jax.nn.gelu(self._linear(f"layer{at}.wide", self._norm(f"layer{at}.norm2", rows)))
            rows = rows + self._drop(self._linear(f"layer{at}.narrow", wide))
        rated, wrong = self._phones(rows, line)
        words = self._words(rows, rated, line)
        return rated, wrong, words, self._line(rows, rated, words, line)

    def _drop(self, values: jax.Array, share: float | None = None) -> jax.Array:
        self._key, own = jax.random.split(self._key)
        share = self._dropout if share is None else share
        return values * jax.random.bernoulli(own, 1 - share, values.shape) / (1 - share)

    def _linear(self, name: str, rows: jax.Array) -> jax.Array:
        return rows @ self._weights[f"{name}.w"] + self._weights[f"{name}.b"]

    def _norm(self, name: str, rows: jax.Array) -> jax.Array:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        deviation = jnp.sqrt(jnp.mean(jnp.square(centred), axis=-1, keepdims=True) + 1e-5)
        return centred / deviation * self._weights[f"{name}.g"] + self._weights[f"{name}.b"]

    def _attend(self, name: str, rows: jax.Array) -> jax.Array:
        count, length, width = rows.shape
        queries, keys, values = (
            part.reshape(count, length, HEADS, -1).transpose(0, 2, 1, 3)
            for part in jnp.split(self._linear(f"{name}.query", rows), 3, axis=-1)
        )
        places = jnp.arange(length)
        distance = jnp.clip(places[None] - places[:, None], -REACH, REACH) + REACH
        scores = queries @ keys.transpose(0, 1, 3, 2) * (width // HEADS) ** -0.5
        scores = scores + self._weights[f"{name}.relative"][:, distance][None]
        word = self._batch["word_of_phone"]
        scores = scores.at[:, 0].add(jnp.where(word[:, :, None] == word[:, None, :], 0.0, OTHER_WORD))
        scores = jnp.where(self.mask[:, None, None, :] > 0, scores, -1e9)
        mixed = jax.nn.softmax(scores, axis=-1) @ values
        return self._linear(f"{name}.out", mixed.transpose(0, 2, 1, 3).reshape(count, length, width))

    def _phones(self, rows: jax.Array, line: jax.Array) -> tuple[jax.Array, jax.Array]:
        both = jnp.concatenate([rows, jnp.broadcast_to(line[:, None], (*rows.shape[:2], line.shape[-1]))], axis=-1)
        scores = self._linear("phone_out", self._drop(jax.nn.gelu(self._linear("phone_mix", both))))
        return 2.0 * jax.nn.sigmoid(scores[..., 0] + rating_network.PHONE_START), scores[..., 1]

    def _words(self, rows: jax.Array, rated: jax.Array, line: jax.Array) -> jax.Array:
        shares = self.own / (self.own.sum(axis=1, keepdims=True) + 1e-6)
        lowest = jnp.min(jnp.where(self.own > 0, rated[..., None], 3.0), axis=1)
        words = self._batch["words"]
        parts = (
            jnp.einsum("nlw,nld->nwd", shares, rows),
            jnp.broadcast_to(line[:, None], (*words.shape[:2], line.shape[-1])),
            jax.nn.gelu(self._linear("words_in", words)),
            jnp.stack([jnp.einsum("nlw,nl->nw", shares, rated), lowest], axis=-1),
        )
        hidden = self._drop(jax.nn.gelu(self._linear("word_mix", jnp.concatenate(parts, axis=-1))))
        return 10.0 * jax.nn.sigmoid(self._linear("word_out", hidden)[..., 0] + rating_network.PHONE_START)

    def _line(self, rows: jax.Array, rated: jax.Array, words: jax.Array, line: jax.Array) -> jax.Array:
        scores = jnp.where(self.mask[..., None] > 0, self._linear("attention", rows), -1e9)
        pooled = jnp.einsum("nlh,nld->nhd", jax.nn.softmax(scores, axis=1), rows).reshape(len(rows), -1)
        count, spoken = self.mask.sum(axis=1), self.word_mask.sum(axis=1)
        figures = (
            (words * self.word_mask).sum(axis=1) / spoken / 10,
            jnp.where(self.word_mask > 0, words, 11.0).min(axis=1) / 10,
            (rated * self.mask).sum(axis=1) / count,
            ((rated < 1) * self.mask).sum(axis=1) / count,
            jnp.log(count + 1) / 3,
        )
        parts = jnp.concatenate([pooled, line, jnp.stack(figures, axis=-1)], axis=-1)
        hidden = self._drop(jax.nn.gelu(self._linear("line_mix", parts)))
        return 10.0 * jax.nn.sigmoid(self._linear("line_out", hidden) + rating_network.LINE_START)


def _loss(weights: Weights, batch: Batch, key: jax.Array, options: Options) -> jax.Array:
    rated, wrong, words, line = _Pass(weights, batch, key, options.dropout).run()
    phones, words_share, line_share, wrong_share = options.shares
    is_wrong = jnp.where(batch["phone_ratings"] < 1.0, 1.0, 0.0)
    entropy = jax.nn.softplus(wrong) - wrong * is_wrong
    return (
        phones * _squared(rated, batch["phone_ratings"], batch["weight"])
        + words_share * _squared(words / 5, batch["word_ratings"] / 5, batch["weight"])
        + line_share * _squared(line / 5, batch["line_ratings"] / 5, batch["weight"])
        + wrong_share * _mean(entropy, batch["phone_ratings"], batch["weight"])
    )


def _squared(values: jax.Array, ratings: jax.Array, weight: jax.Array) -> jax.Array:
    # Unknown ratings are replaced first: a NaN would reach the gradient even when its loss is left out.
    return _mean(jnp.square(values - jnp.nan_to_num(ratings)), ratings, weight)


def _mean(losses: jax.Array, ratings: jax.Array, weight: jax.Array) -> jax.Array:
    """Returns the weighted mean over the known ratings."""
    shares = ~jnp.isnan(ratings) * weight.reshape(-1, *(1,) * (ratings.ndim - 1))
    return (losses * shares).sum() / (shares.sum() + 1e-6)
