"""CTC log-likelihoods of one phone sequence and of all its single edits, from one α and one β pass.

Conventions: T frames, L phones of a sequence, P phones of the language; `logp` float64 (T, P + 1) natural-log
posteriors whose last column is the blank, `c` (L,) phone columns. Time index t counts *consumed* frames, 0..T. "Gap i"
is the state after i phones with the last frame blank (or nothing consumed yet); "phone i" (1-based) is the state
within the i-th phone.

An edit replaces phones [i, j) by a short segment. Its likelihood is the sum over the frame at which the segment
ends of (α of the left context) × (the segment) × (β of the right context): Graves et al. 2006, eq. 7 and 10,
with the middle replaced. So P·L substitutions cost one pass each of length T over a vector.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Table = npt.NDArray[np.float32]

NEG: Final = -1e30
# A phone is followed where it holds at least this share of the probability, and this many frames around.
_ACTIVE: Final = 0.01
_SLACK: Final = 12
_PLACES_PER_BLOCK: Final = 24
_BLOCK_BYTES: Final = 4_000_000


@dataclass(frozen=True)
class Lattice:
    """α and β of one sequence, split by state kind; all (T + 1, L + 1) in natural log.

    The four tables are kept in single precision (they are computed in double): two minutes of speech would not fit
    into a worker otherwise, and a thousandth of a nat changes no score.
    """

    logp: Floats
    phones: Ints
    gap_alpha: Table
    phone_alpha: Table
    gap_beta: Table
    phone_beta: Table
    total: float

    def occupancies(self) -> Iterator[tuple[int, Floats]]:
        """Yields posteriors of being within phone i at frame t, in blocks: (first phone, (T, phones of the block))."""
        for block in _blocks(len(self.phones), len(self.logp)):
            columns = slice(block.start + 1, block.stop + 1)
            gamma = self.phone_alpha[1:, columns].astype(np.float64) + self.phone_beta[1:, columns] - self.total
            yield block.start, np.exp(np.minimum(gamma, 0.0))

    def occupancy(self) -> Floats:
        """Posteriors of being within phone i at frame t, (T, L)."""
        return np.concatenate([part for _, part in self.occupancies()], axis=1)

    @cached_property
    def peaks(self) -> Ints:
        """The frame at which each phone is likeliest (L,)."""
        return np.concatenate([part.argmax(axis=0) for _, part in self.occupancies()])

    @cached_property
    def extents(self) -> tuple[Ints, Ints]:
        """First and last frame count at which each phone holds a share of the probability worth following (L,)."""
        firsts, lasts = [], []
        for _, part in self.occupancies():
            active = part >= np.minimum(_ACTIVE, 0.5 * part.max(axis=0))
            firsts.append(active.argmax(axis=0))
            lasts.append(len(part) - active[::-1].argmax(axis=0))
        return np.concatenate(firsts), np.concatenate(lasts)


def build(logp: Floats, phones: Sequence[int]) -> Lattice:
    """Runs the forward and the backward pass over log posteriors (T, P + 1) for L ≥ 1 phones."""
    c = np.asarray(phones, dtype=np.int64)
    gap_alpha, phone_alpha = _forward(logp, c)
    gap_beta, phone_beta, total = _backward(logp, c)
    return Lattice(logp, c, gap_alpha, phone_alpha, gap_beta, phone_beta, total)


class Lattices:
    """The lattices of one recording, made when they are asked for; only the last one is kept.

    For a long line each takes about 100 MB: delete your reference before you ask for the next.
    """

    def __init__(self, logp: Floats) -> None:
        self.logp = logp
        self._phones: list[int] = []
        self._last: Lattice | None = None

    def of(self, phones: Sequence[int]) -> Lattice:
        """Returns `build(logp, phones)`, without work where the same phones were asked for last."""
        if self._last is None or self._phones != list(phones):
            self._last = None
            self._phones, self._last = list(phones), build(self.logp, phones)
        return self._last


def likelihood(logp: Floats, phones: Sequence[int]) -> float:
    """Log-likelihood of the sequence alone, without tables."""
    c = np.asarray(phones, dtype=np.int64)
    return _backward(logp, c, keep=False)[2]


def _barrier(c: Ints) -> Floats:
    """Log weight of a direct transition from the phone before (L,): −∞ where it is the same phone, else 0."""
    barrier = np.zeros(len(c))
    barrier[1:] = np.where(c[1:] == c[:-1], NEG, 0.0)
    return barrier


def _forward(logp: Floats, c: Ints) -> tuple[Table, Table]:
    """α of the gaps and of the phones."""
    frames, length, barrier = len(logp), len(c), _barrier(c)
    gaps, inside = (np.full((frames + 1, length + 1), NEG, dtype=np.float32) for _ in range(2))
    gap, phone = np.full(length + 1, NEG), np.full(length + 1, NEG)
    gap[0] = gaps[0, 0] = 0.0
    repeats = np.flatnonzero(barrier)
    for t, row in enumerate(logp, start=1):
        leave = np.logaddexp(gap, phone)
        entry = leave[:-1]
        if len(repeats):
            entry = entry.copy()
            entry[repeats] = gap[repeats]
        gap = row[-1] + leave
        phone[1:] = row[c] + np.logaddexp(phone[1:], entry)
        gaps[t], inside[t] = gap, phone
    return gaps, inside


def _backward(logp: Floats, c: Ints, keep: bool = True) -> tuple[Table, Table, float]:
    """β of the gaps and of the phones (empty unless `keep`), and the log-likelihood of the sequence."""
    frames, length, barrier = len(logp), len(c), _barrier(c)
    shape = (frames + 1, length + 1) if keep else (0, 0)
    gaps, inside = (np.full(shape, NEG, dtype=np.float32) for _ in range(2))
    gap, phone = np.full(length + 1, NEG), np.full(length + 1, NEG)
    gap[length] = phone[length] = 0.0
    for t in range(frames, -1, -1):
        if t < frames:
            row = logp[t]
            leave = row[c] + phone[1:]
            stay = row[-1] + gap
            phone[1:] = np.logaddexp(leave, stay[1:])
            phone[1:-1] = np.logaddexp(phone[1:-1], leave[1:] + barrier[1:])
            phone[0] = NEG
            gap = stay.copy()
            gap[:-1] = np.logaddexp(stay[:-1], leave)
        if keep:
            gaps[t], inside[t] = gap, phone
    return gaps, inside, float(gap[0])


def delete(lattice: Lattice, starts: Ints, stops: Ints) -> Floats:
    """Log-likelihoods with phones [start, stop) left out, one per pair of `starts` and `stops` (H,)."""
    frames = np.arange(len(lattice.logp))[:, None]
    result = np.empty(len(starts))
    for block in _blocks(len(starts), len(frames)):
        result[block] = _delete_block(lattice, starts[block], stops[block], frames)
    return result


def delete_nearby(lattice: Lattice, starts: Ints, stops: Ints) -> Floats:
    """`delete` for plausible omissions: each place is followed through the frames of its window, as in `replace`.

    A likelihood that is far below that of the sequence comes out lower still.
    """
    lows, highs = _windows(lattice, starts, stops)
    order = np.argsort(highs - lows, kind="stable")
    result = np.empty(len(starts))
    for block in np.array_split(order, max(1, len(order) // _PLACES_PER_BLOCK)):
        if len(block):
            frames = lows[block] + np.arange(int((highs - lows)[block].max()))[:, None]
            frames = np.minimum(frames, highs[block] - 1)
            result[block] = _delete_block(lattice, starts[block], stops[block], frames)
    return result


def _delete_block(lattice: Lattice, i: Ints, j: Ints, frames: Ints) -> Floats:
    """`delete` for some places [i, j), whose contexts join at any of the frames (F, H or 1), repeated ones once."""
    c, length, count = lattice.phones, len(lattice.phones), len(lattice.logp)
    last = j == length
    right = np.where(last, 0, j)
    doubled = (i > 0) & ~last & (c[np.maximum(i - 1, 0)] == c[right])
    left = np.logaddexp(lattice.gap_alpha[frames, i], lattice.phone_alpha[frames, i] + np.where(doubled, NEG, 0.0))
    inner = left + lattice.logp[frames, c[right]] + lattice.phone_beta[frames + 1, right + 1]
    inner[1:] = np.where(frames[1:] == frames[:-1], NEG, inner[1:])
    joined = np.logaddexp.reduce(inner, axis=0)
    ended = np.logaddexp(lattice.gap_alpha[count, i], lattice.phone_alpha[count, i])
    result: Floats = np.where(last, ended, joined)
    return result


def replace(lattice: Lattice, starts: Ints, stops: Ints, columns: Ints) -> Floats:
    """Log-likelihoods with phones [start, stop) replaced by one phone: (H,) places × (Q,) columns → (H, Q).

    start == stop inserts the phone before phone `start`. Each place is followed only through the frames between
    its second neighbours (see `_windows`): the mass outside is negligible, and long lines stay affordable.
    """
    lows, highs = _windows(lattice, starts, stops)
    order = np.argsort(highs - lows, kind="stable")
    result = np.empty((len(starts), len(columns)))
    for block in np.array_split(order, max(1, len(order) // _PLACES_PER_BLOCK)):
        if len(block):
            window = lows[block], highs[block]
            result[block] = _replace_block(lattice, starts[block], stops[block], columns, window)
    return result


def _windows(lattice: Lattice, starts: Ints, stops: Ints) -> tuple[Ints, Ints]:
    """First and last number of consumed frames at which the replaced phone may plausibly be, (H,) each."""
    frames, length = len(lattice.logp), len(lattice.phones)
    firsts, lasts = lattice.extents
    lows = np.where(starts >= 2, firsts[np.clip(starts - 2, 0, length - 1)] - _SLACK, 0)
    highs = np.where(stops + 1 < length, lasts[np.clip(stops + 1, 0, length - 1)] + _SLACK, frames)
    lows = np.maximum(lows, 0)
    return lows, np.clip(highs, lows + 1, frames)


def _replace_block(lattice: Lattice, i: Ints, j: Ints, columns: Ints, window: tuple[Ints, Ints]) -> Floats:
    """`replace` for some places [i, j), frame by frame through their windows."""
    c, length, frames = lattice.phones, len(lattice.phones), len(lattice.logp)
    low, high = window
    blank, has_right, right = lattice.logp[:, -1], j < length, np.minimum(j, length - 1)
    repeats_left = (i > 0)[:, None] & (c[np.maximum(i - 1, 0)][:, None] == columns)
    repeats_right = has_right[:, None] & (c[right][:, None] == columns)
    state = np.full((len(i), len(columns)), NEG)
    total = np.full((len(i), len(columns)), NEG)
    for step in range(int((high - low).max())):
        before = np.minimum(low + step, frames - 1)
        gap, phone = lattice.gap_alpha[before, i], lattice.phone_alpha[before, i]
        entry = np.where(repeats_left, gap[:, None], np.logaddexp(gap, phone)[:, None])
        state = lattice.logp[before][:, columns] + np.logaddexp(state, entry)
        now = before + 1
        next_frame = np.minimum(now, frames - 1)
        pause = blank[next_frame] + lattice.gap_beta[np.minimum(now + 1, frames), j]
        onward = lattice.logp[next_frame, c[right]] + lattice.phone_beta[np.minimum(now + 1, frames), right + 1]
        onward = np.where(has_right, np.logaddexp(pause, onward), pause)
        leave = np.where(repeats_right, pause[:, None], onward[:, None])
        leave = np.where((now == frames)[:, None], np.where(has_right, NEG, 0.0)[:, None], leave)
        inside = (low + step < high)[:, None]
        total = np.where(inside, np.logaddexp(total, state + leave), total)
    return total


def edit_log_odds(lattice: Lattice) -> Floats:
    """Log-odds of every phone, and of a deletion (last), in the place of each phone against the phone: (L, P + 1)."""
    places, phones = np.arange(len(lattice.phones)), lattice.logp.shape[1] - 1
    replaced = replace(lattice, places, places + 1, np.arange(phones))
    deleted = delete(lattice, places, places + 1)
    log_odds = np.concatenate([replaced, deleted[:, None]], axis=1) - lattice.total
    log_odds[places, lattice.phones] = 0.0
    return log_odds


def splice(lattice: Lattice, start: int, stop: int, segments: Sequence[Sequence[int]]) -> Floats:
    """Log-likelihoods with phones [start, stop) replaced by each of S segments (S,): one forward pass over all."""
    low, high = (int(bound[0]) for bound in _windows(lattice, np.array([start]), np.array([stop])))
    lengths = np.array([len(segment) for segment in segments])
    q = np.zeros((len(segments), max(1, int(lengths.max()))), dtype=np.int64)
    for row, segment in enumerate(segments):
        q[row, : len(segment)] = segment
    gap, phone = _segments_alpha(lattice, start, q, low, high)
    rows, lasts, c = np.arange(len(q)), np.maximum(lengths - 1, 0), lattice.phones
    gap, phone = gap[:, rows, lasts], phone[:, rows, lasts]
    if stop == len(c):
        result: Floats = np.logaddexp(gap[-1], phone[-1])
    else:
        last = min(high, len(lattice.logp) - 1)
        onward = lattice.logp[low : last + 1, c[stop]] + lattice.phone_beta[low + 1 : last + 2, stop + 1]
        left = np.logaddexp(gap, phone + np.where(c[stop] == q[rows, lasts], NEG, 0.0))[: len(onward)]
        result = np.logaddexp.reduce(left + onward[:, None], axis=0)
    empty = lengths == 0
    if empty.any():
        result[empty] = delete(lattice, np.array([start]), np.array([stop]))[0]
    return result


def _segments_alpha(lattice: Lattice, start: int, q: Ints, low: int, high: int) -> tuple[Floats, Floats]:
    """α of the gaps and phones of segments (S, M) behind the context of phone `start`: (frames + 1, S, M)."""
    barrier = np.zeros(q.shape)
    barrier[:, 1:] = np.where(q[:, 1:] == q[:, :-1], NEG, 0.0)
    if start > 0:
        barrier[:, 0] = np.where(q[:, 0] == lattice.phones[start - 1], NEG, 0.0)
    gap, phone = (np.full((high - low + 1, *q.shape), NEG) for _ in range(2))
    before_gap, before_phone = np.full(q.shape, NEG), np.full(q.shape, NEG)
    for row, t in enumerate(range(low, high), start=1):
        before_gap[:, 0], before_phone[:, 0] = lattice.gap_alpha[t, start], lattice.phone_alpha[t, start]
        before_gap[:, 1:], before_phone[:, 1:] = gap[row - 1, :, :-1], phone[row - 1, :, :-1]
        entry = np.logaddexp(before_gap, before_phone + barrier)
        phone[row] = lattice.logp[t][q] + np.logaddexp(phone[row - 1], entry)
        gap[row] = lattice.logp[t, -1] + np.logaddexp(gap[row - 1], phone[row - 1])
    return gap, phone


def _blocks(count: int, rows: int) -> list[slice]:
    """Slices of the hypotheses so that a (rows, block) array of doubles stays small."""
    size = max(1, _BLOCK_BYTES // (8 * max(rows, 1)))
    return [slice(start, start + size) for start in range(0, count, size)]
