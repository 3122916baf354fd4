"""CTC log-likelihoods of one phone sequence and of all its single edits, from one α and one β pass.

Conventions: T frames, L phones, `logp` (T, 40) natural-log posteriors whose last column is the blank, `c` (L,)
phone indices. Time index t counts *consumed* frames, 0..T. "Gap i" is the state after i phones with the last
frame blank (or nothing consumed yet); "phone i" (1-based) is the state within the i-th phone.

An edit replaces phones [i, j) by a short segment. Its likelihood is the sum over the frame at which the segment
ends of (α of the left context) × (the segment) × (β of the right context): Graves et al. 2006, eq. 7 and 10,
with the middle swapped. This makes 40·L substitutions cost one pass each of length T over a vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NEG: Final = -1e30
_BLOCK_BYTES: Final = 32_000_000


@dataclass(frozen=True)
class Lattice:
    """α and β of one sequence, split by state kind; all (T+1, L+1) in natural log."""

    logp: Floats
    phones: Ints
    gap_alpha: Floats
    phone_alpha: Floats
    gap_beta: Floats
    phone_beta: Floats

    @property
    def total(self) -> float:
        """Log-likelihood of the whole sequence."""
        return float(self.gap_beta[0, 0])

    def occupancy(self) -> Floats:
        """Posterior of being within phone i at frame t, shape (T, L)."""
        gamma = self.phone_alpha[1:, 1:] + self.phone_beta[1:, 1:] - self.total
        return np.exp(np.minimum(gamma, 0.0))


def build(logp: Floats, phones: Sequence[int]) -> Lattice:
    """Runs the forward and the backward pass over (T, 40) posteriors for L ≥ 1 phones."""
    c = np.asarray(phones, dtype=np.int64)
    frames, length = len(logp), len(c)
    own, blank = logp[:, c], logp[:, -1]
    repeat = np.zeros(length, dtype=bool)
    repeat[1:] = c[1:] == c[:-1]
    barrier = np.where(repeat, NEG, 0.0)
    gap_a, phone_a, gap_b, phone_b = (np.full((frames + 1, length + 1), NEG) for _ in range(4))
    gap_a[0, 0] = 0.0
    for t in range(1, frames + 1):
        gap_a[t] = blank[t - 1] + np.logaddexp(gap_a[t - 1], phone_a[t - 1])
        entry = np.logaddexp(gap_a[t - 1, :-1], phone_a[t - 1, :-1] + barrier)
        phone_a[t, 1:] = own[t - 1] + np.logaddexp(phone_a[t - 1, 1:], entry)
    gap_b[frames, length] = phone_b[frames, length] = 0.0
    for t in range(frames - 1, -1, -1):
        leave = own[t] + phone_b[t + 1, 1:]
        stay_gap = blank[t] + gap_b[t + 1]
        gap_b[t] = stay_gap
        gap_b[t, :-1] = np.logaddexp(stay_gap[:-1], leave)
        phone_b[t, 1:] = np.logaddexp(own[t] + phone_b[t + 1, 1:], stay_gap[1:])
        phone_b[t, 1:-1] = np.logaddexp(phone_b[t, 1:-1], leave[1:] + barrier[1:])
    return Lattice(logp, c, gap_a, phone_a, gap_b, phone_b)


def delete(lattice: Lattice, starts: Ints, stops: Ints) -> Floats:
    """Log-likelihoods with phones [start, stop) left out, one per pair (H,)."""
    c, length, frames = lattice.phones, len(lattice.phones), len(lattice.logp)
    result = np.empty(len(starts))
    for block in _blocks(len(starts), frames):
        i, j = starts[block], stops[block]
        last = j == length
        right = np.where(last, 0, j)
        doubled = (i > 0) & ~last & (c[np.maximum(i - 1, 0)] == c[np.minimum(right, length - 1)])
        left = np.logaddexp(lattice.gap_alpha[:, i], lattice.phone_alpha[:, i] + np.where(doubled, NEG, 0.0))
        inner = left[:-1] + lattice.logp[:, c[right]] + lattice.phone_beta[1:, right + 1]
        result[block] = np.where(last, left[-1], np.logaddexp.reduce(inner, axis=0))
    return result


def replace(lattice: Lattice, starts: Ints, stops: Ints, sounds: Ints) -> Floats:
    """Log-likelihoods with phones [start, stop) replaced by one sound, one per triple (H,).

    start == stop inserts the sound before phone `start`.
    """
    result = np.empty(len(starts))
    for block in _blocks(len(starts), 8):
        result[block] = _replace_block(lattice, starts[block], stops[block], sounds[block])
    return result


def _replace_block(lattice: Lattice, i: Ints, j: Ints, q: Ints) -> Floats:
    c, length, frames = lattice.phones, len(lattice.phones), len(lattice.logp)
    after_repeat = np.where((i > 0) & (c[np.maximum(i - 1, 0)] == q), NEG, 0.0)
    has_right = j < length
    right = np.minimum(j, length - 1)
    before_repeat = np.where(has_right & (c[right] != q), 0.0, NEG)
    blank = lattice.logp[:, -1]
    state = np.full(len(i), NEG)
    total = np.full(len(i), NEG)
    for t in range(1, frames + 1):
        entry = np.logaddexp(lattice.gap_alpha[t - 1, i], lattice.phone_alpha[t - 1, i] + after_repeat)
        state = lattice.logp[t - 1, q] + np.logaddexp(state, entry)
        if t < frames:
            onward = lattice.logp[t, c[right]] + lattice.phone_beta[t + 1, right + 1] + before_repeat
            leave = np.logaddexp(blank[t] + lattice.gap_beta[t + 1, j], onward)
        else:
            leave = np.where(has_right, NEG, 0.0)
        total = np.logaddexp(total, state + leave)
    return total


def splice(lattice: Lattice, start: int, stop: int, segment: Sequence[int]) -> float:
    """Log-likelihood with phones [start, stop) replaced by a segment of any length, by a forward pass over it."""
    if not segment:
        return float(delete(lattice, np.array([start]), np.array([stop]))[0])
    c, length, frames = lattice.phones, len(lattice.phones), len(lattice.logp)
    q = np.asarray(segment, dtype=np.int64)
    barrier = np.zeros(len(q))
    barrier[1:] = np.where(q[1:] == q[:-1], NEG, 0.0)
    if start > 0 and c[start - 1] == q[0]:
        barrier[0] = NEG
    own, blank = lattice.logp[:, q], lattice.logp[:, -1]
    gap, phone = np.full((frames + 1, len(q)), NEG), np.full((frames + 1, len(q)), NEG)
    before_gap, before_phone = np.full(len(q), NEG), np.full(len(q), NEG)
    for t in range(1, frames + 1):
        before_gap[0], before_phone[0] = lattice.gap_alpha[t - 1, start], lattice.phone_alpha[t - 1, start]
        before_gap[1:], before_phone[1:] = gap[t - 1, :-1], phone[t - 1, :-1]
        entry = np.logaddexp(before_gap, before_phone + barrier)
        phone[t] = own[t - 1] + np.logaddexp(phone[t - 1], entry)
        gap[t] = blank[t - 1] + np.logaddexp(gap[t - 1], phone[t - 1])
    if stop == length:
        return float(np.logaddexp(gap[-1, -1], phone[-1, -1]))
    onward = lattice.logp[:, c[stop]] + lattice.phone_beta[1:, stop + 1]
    left = np.logaddexp(gap[:-1, -1], phone[:-1, -1] + (NEG if c[stop] == q[-1] else 0.0))
    return float(np.logaddexp.reduce(left + onward))


def _blocks(count: int, rows: int) -> list[slice]:
    """Slices of the hypotheses so that a (rows, block) array of doubles stays small."""
    size = max(1, _BLOCK_BYTES // (8 * max(rows, 1)))
    return [slice(start, start + size) for start in range(0, count, size)]
