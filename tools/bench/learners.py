"""A day of learners: when they come, how often and how long they speak, and what an analysis of that costs in CPU."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

# Share of a day's visits by the hour in Korea, in per mille. Assumed, not measured: few at night, a hump on the way to
# work (7–9) and at lunch (12), then the evening, when pupils are back from private schools and adults from work, with
# the peak from 21 to 23. The shape is that of consumer services in Korea; replace it by what your metrics show.
HOURLY = (30, 15, 8, 5, 5, 8, 18, 34, 40, 30, 28, 32, 46, 38, 32, 34, 40, 46, 50, 60, 80, 112, 125, 84)
PEAK_HOUR = int(np.argmax(HOURLY))

# Measured (docs/analysis-performance.md): length of a line in seconds, CPU seconds of its analysis with decoding.
MEASURED_CPU = ((3.0, 0.391), (5.3, 0.581), (7.1, 0.797), (11.0, 1.196))
_lengths, _costs = np.array(MEASURED_CPU).T
CPU_PER_S, CPU_EACH = (float(part) for part in np.polyfit(_lengths, _costs, 1))


@dataclass(frozen=True, slots=True)
class Visit:
    """One learner's practice: CPU seconds of each take. With `pauses_s` the next is sent when the last was answered and
    a pause has gone by; without, all are sent at once, as a page does that was offline.
    """

    at_s: float
    cpu_s: tuple[float, ...]
    pauses_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class Habits:
    """What learners are assumed to do: takes a day, the pause between them, and lengths of recordings in seconds."""

    takes: float = 10.0
    pause_s: float = 30.0
    batch_share: float = 0.05
    median_s: float = 4.5
    spread: float = 0.5
    longest_s: float = 120.0

    def lengths(self, count: int, chance: np.random.Generator) -> np.ndarray:
        """Seconds of speech of so many recordings: log-normal, as lengths of utterances are, at least one second."""
        return np.clip(chance.lognormal(math.log(self.median_s), self.spread, count), 1.0, self.longest_s)

    def cpu(self, count: int, chance: np.random.Generator) -> np.ndarray:
        """CPU seconds of so many analyses: what was measured for the length, within a tenth or so of it."""
        return (CPU_EACH + CPU_PER_S * self.lengths(count, chance)) * chance.lognormal(0.0, 0.1, count)

    def mean_cpu_s(self) -> tuple[float, float]:
        """Mean of an analysis's CPU seconds, and their squared coefficient of variation."""
        some = self.cpu(100_000, np.random.default_rng(0))
        return float(some.mean()), float(some.var() / some.mean() ** 2)


def takes_per_s(learners: float, habits: Habits, hour: int = PEAK_HOUR) -> float:
    """Takes that are sent in a second of that hour of the day, on average."""
    return learners * habits.takes * HOURLY[hour % 24] / sum(HOURLY) / 3600


def visits(
    learners: float, habits: Habits, from_s: float, until_s: float, chance: np.random.Generator
) -> Iterator[Visit]:
    """Those who come between two seconds of the day (which may begin before midnight): a Poisson process whose rate
    changes with the hour. A visit has `takes` on average, geometrically distributed.
    """
    hour_from, hour_until = math.floor(from_s / 3600), math.ceil(until_s / 3600)
    for hour in range(hour_from, hour_until):
        begin, end = max(from_s, 3600.0 * hour), min(until_s, 3600.0 * (hour + 1))
        rate = takes_per_s(learners, habits, hour) / habits.takes
        for at_s in np.sort(chance.uniform(begin, end, chance.poisson(rate * (end - begin)))):
            yield _visit(float(at_s), habits, chance)


def _visit(at_s: float, habits: Habits, chance: np.random.Generator) -> Visit:
    takes = int(chance.geometric(1 / habits.takes))
    cpu_s = tuple(habits.cpu(takes, chance).tolist())
    if chance.random() < habits.batch_share:
        return Visit(at_s, cpu_s)
    return Visit(at_s, cpu_s, tuple(chance.exponential(habits.pause_s, takes).tolist()))
