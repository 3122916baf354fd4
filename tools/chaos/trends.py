"""The rule by which a soak tells a leak from noise and from a step.

A series grows when two slopes exceed its limit, each measured after the warm-up:

- the least-squares slope over all samples;
- the median change between the means of ten equal windows of time, per hour.

A step that then stays (a cache that was filled once, a pool that got one more thread) moves the first slope only: it
lies in one window or between two. Two steps do not move the second slope either; growth that continues moves both.
Nothing is judged below half an hour of samples, where allocators alone rise faster than the limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, linear_regression, median

WARM_UP_MAX_S = 1800.0
JUDGED_FROM_S = 1800.0
MEMORY_LIMIT_MB_PER_H = 1.0
# Descriptors, connections, threads, processes and files: one more each half hour. PostgreSQL has hundreds, whose
# number varies with the tables that each backend has opened.
COUNT_LIMIT_PER_H, COUNT_LIMIT_SHARE_PER_H = 2.0, 0.01
WINDOWS = 10

# Moments in seconds since the start, with the value at each.
Series = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Trend:
    """A series in figures. Both slopes are per hour and of the time after the warm-up; None: too few samples."""

    first: float
    last: float
    highest: float
    slope: float | None
    windowed_slope: float | None

    def grows(self, limit: float) -> bool:
        """Returns True when both slopes exceed the limit, per hour."""
        slopes = (self.slope, self.windowed_slope)
        return all(slope is not None and slope > limit for slope in slopes)


def count_limit_per_h(trend: Trend) -> float:
    """The growth allowed to a number of things: two per hour, or 1 % of the highest number where that is more."""
    return max(COUNT_LIMIT_PER_H, COUNT_LIMIT_SHARE_PER_H * trend.highest)


def warm_up_s(duration_s: float) -> float:
    """The time at the start that is left out: a quarter of the run, half an hour at most."""
    return min(duration_s / 4, WARM_UP_MAX_S)


def after(series: Series, start_s: float) -> Series:
    return [point for point in series if point[0] >= start_s]


def find_trend(series: Series, start_s: float) -> Trend:
    """Returns first, last and highest value of the whole series, and its slopes from `start_s` on."""
    values = [value for _, value in series]
    settled = after(series, start_s)
    duration_s = settled[-1][0] - settled[0][0] if settled else 0.0
    slope = _slope_per_h(settled) if len(settled) > 2 else None
    windowed = _windowed_slope_per_h(settled) if duration_s >= JUDGED_FROM_S else None
    return Trend(values[0], values[-1], max(values), slope, windowed)


def _slope_per_h(series: Series) -> float:
    return linear_regression(*zip(*series, strict=True)).slope * 3600


def _windowed_slope_per_h(series: Series) -> float | None:
    """The median change between neighbouring windows; None when a window has no sample."""
    start_s, end_s = series[0][0], series[-1][0]
    width_s = (end_s - start_s) / WINDOWS
    windows: list[list[float]] = [[] for _ in range(WINDOWS)]
    for at_s, value in series:
        windows[min(int((at_s - start_s) / width_s), WINDOWS - 1)].append(value)
    if not all(windows):
        return None
    means = [fmean(window) for window in windows]
    return median(later - earlier for earlier, later in pairwise(means)) * 3600 / width_s
