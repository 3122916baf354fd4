"""Goodness of pronunciation straight from its formula: a complete CTC forward pass for each hypothesis.

Used only for comparison with `analysis.engine.gop`, which gets the same posteriors from one forward and one backward
pass.
"""

from collections.abc import Sequence

import numpy as np

from analysis.engine.ctc import NEG, Floats, Ints


def posteriors(logp: Floats, phones: Sequence[int]) -> Floats:
    """Returns post_i of every phone, with one pass for each of its substitutions and its deletion."""
    base, sounds = _pass(logp, np.asarray(phones)), logp.shape[1] - 1
    result = np.empty(len(phones))
    for place, own in enumerate(phones):
        before, after = list(phones[:place]), list(phones[place + 1 :])
        others = [[*before, sound, *after] for sound in range(sounds) if sound != own]
        scores = [_pass(logp, np.asarray(sequence)) for sequence in [*others, [*before, *after]]]
        result[place] = _posterior(np.array(scores), base)
    return result


def posteriors_in_batches(logp: Floats, phones: Sequence[int]) -> Floats:
    """Returns the same, with the passes of one phone in one array, as a careful naive implementation does."""
    base, sounds = float(_passes(logp, np.asarray([phones]))[0]), logp.shape[1] - 1
    result = np.empty(len(phones))
    for place, own in enumerate(phones):
        swapped = np.tile(np.asarray(phones), (sounds - 1, 1))
        swapped[:, place] = [sound for sound in range(sounds) if sound != own]
        deleted = np.delete(np.asarray([phones]), place, axis=1)
        result[place] = _posterior(np.concatenate([_passes(logp, swapped), _passes(logp, deleted)]), base)
    return result


def _posterior(scores: Floats, base: float) -> float:
    return float(1.0 / (1.0 + np.exp(np.minimum(scores - base, 500.0)).sum()))


def _pass(logp: Floats, phones: Ints) -> float:
    """Returns the CTC log-likelihood of one sequence (Graves et al. 2006)."""
    return float(_passes(logp, phones[None])[0])


def _passes(logp: Floats, phones: Ints) -> Floats:
    """Returns CTC log-likelihoods of H sequences of length L, (H, L) → (H,). State 2i is the blank before phone i."""
    count, length = phones.shape
    emitted = np.full((count, 2 * length + 1), logp.shape[1] - 1)
    emitted[:, 1::2] = phones
    skips = np.full((count, 2 * length + 1), NEG)
    skips[:, 3::2] = np.where(phones[:, 1:] == phones[:, :-1], NEG, 0.0)
    state = np.full((count, 2 * length + 1), NEG)
    state[:, :2] = logp[0][emitted[:, :2]]
    for frame in logp[1:]:
        entered = state.copy()
        entered[:, 1:] = np.logaddexp(entered[:, 1:], state[:, :-1])
        entered[:, 2:] = np.logaddexp(entered[:, 2:], state[:, :-2] + skips[:, 2:])
        state = entered + frame[emitted]
    ends: Floats = np.logaddexp.reduce(state[:, -2:], axis=1)
    return ends
