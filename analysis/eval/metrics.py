"""Areas under ROC curves, rank correlations and rates, with bootstrap confidence intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Pair = tuple[float, float]
Item = TypeVar("Item")
_RESAMPLES: Final = 400
_CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval; NaN where nothing could be measured."""

    value: float
    low: float
    high: float
    count: int


def ranks(values: npt.ArrayLike) -> Floats:
    """Returns ranks from 1; equal values share their mean rank."""
    array = np.asarray(values, dtype=np.float64)
    _, inverse, counts = np.unique(array, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middle: Floats = (last - (counts - 1) / 2.0)[inverse]
    return middle


def auc(wrong: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """Returns the chance that something wrong scores lower than something right; ties count half. U / (n·m) by Mann and
    Whitney (1947)."""
    low, high = np.asarray(wrong, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if not len(low) or not len(high):
        return float("nan")
    placed = ranks(np.concatenate([low, high]))
    above = float(placed[len(low) :].sum()) - len(high) * (len(high) + 1) / 2
    return above / (len(low) * len(high))


def pearson(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Returns Pearson's r; NaN when one side is constant."""
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def spearman(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Returns Spearman's ρ: Pearson's r of the ranks."""
    return pearson(ranks(first), ranks(second))


def hits_at(wrong: npt.ArrayLike, right: npt.ArrayLike, false_alarms: float) -> tuple[float, float]:
    """Returns the share of the wrong below a threshold, and the threshold: the highest one with at most this share of
    false alarms among the right."""
    low, high = np.asarray(wrong, dtype=np.float64), np.sort(np.asarray(right, dtype=np.float64))
    if not len(low) or not len(high):
        return float("nan"), float("nan")
    threshold = float(high[min(int(false_alarms * len(high)), len(high) - 1)])
    return float(np.mean(low < threshold)), threshold


def share(values: Sequence[bool]) -> Estimate:
    """Returns a rate with Wilson's interval (Wilson 1927), which is valid also near 0 and 1."""
    count = len(values)
    if not count:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    rate, z = float(np.mean(values)), 1.96
    centre = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * float(np.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)))
    return Estimate(rate, max(0.0, centre - half), min(1.0, centre + half), count)


def grouped_share(groups: Sequence[Sequence[bool]]) -> Estimate:
    """Returns a rate over all values with an interval that resamples the groups.

    Wilson's interval where all values are equal, because resampling shows no spread there.
    """
    counts = np.array([(sum(group), len(group)) for group in groups if group], dtype=np.float64)
    if not len(counts) or counts[:, 0].sum() in {0.0, counts[:, 1].sum()}:
        return share([value for group in groups for value in group])

    def rate(some: Sequence[Floats]) -> float:
        hits, total = np.sum(some, axis=0)
        return float(hits / total)

    return bootstrap(list(counts), rate)


def grouped(groups: Sequence[Sequence[Pair]], figure: Callable[[npt.ArrayLike, npt.ArrayLike], float]) -> Estimate:
    """Returns a figure of two columns of numbers with an interval that resamples the groups of pairs."""
    arrays = [np.array(group, dtype=np.float64) for group in groups if group]
    if not arrays:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    return bootstrap(arrays, lambda some: figure(*np.concatenate(some).T))


def bootstrap(groups: Sequence[Item], figure: Callable[[Sequence[Item]], float], seed: int = 0) -> Estimate:
    """Returns a figure over groups with its percentile interval.

    Whole groups (recordings, renditions) are resampled, because the sounds of one recording are not independent.
    """
    rng = np.random.default_rng(seed)
    drawn = [figure([groups[index] for index in rng.integers(0, len(groups), len(groups))]) for _ in range(_RESAMPLES)]
    known = [value for value in drawn if np.isfinite(value)]
    if not known:
        return Estimate(figure(groups), float("nan"), float("nan"), len(groups))
    low, high = np.quantile(known, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return Estimate(figure(groups), float(low), float(high), len(groups))
