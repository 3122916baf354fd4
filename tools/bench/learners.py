"""A model of a day: when learners practise, how often and how long they speak, and the CPU time of each analysis."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

# Relative number of visits in each hour of the day in Korea. Assumed, not measured: few at night, more on the way to
# work (7–9) and at lunch (12), most in the evening, when pupils are back from private schools and adults from work,
# with the peak from 21 to 23. This is the shape of consumer services in Korea; replace it by your own metrics.
HOURLY = (30, 15, 8, 5, 5, 8, 18, 34, 40, 30, 28, 32, 46, 38, 32, 34, 40, 46, 50, 60, 80, 112, 125, 84)
PEAK_HOUR = int(np.argmax(HOURLY))

# Length of a line in seconds, CPU seconds of its analysis and decoding: measured in a slow hour with an earlier build.
# docs/analysis-performance.md has about half.
MEASURED_CPU = ((3.0, 0.391), (5.3, 0.581), (7.1, 0.797), (11.0, 1.196))
_lengths, _costs = np.array(MEASURED_CPU).T
CPU_PER_S, CPU_EACH = (float(part) for part in np.polyfit(_lengths, _costs, 1))


@dataclass(frozen=True, slots=True)
class Visit:
    """One learner's practice, as CPU seconds of each take.

    With `pauses_s` each take is sent a pause after the result of the last; without, all are sent at once, as by a page
    that was offline.
    """

    at_s: float
    cpu_s: tuple[float, ...]
    pauses_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class Habits:
    """Assumed behaviour of learners: takes a day, the pause between them, and lengths of recordings in seconds."""

    takes: float = 10.0
    pause_s: float = 30.0
    batch_share: float = 0.05
    median_s: float = 4.5
    spread: float = 0.5
    longest_s: float = 120.0

    def lengths(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Seconds of speech of `count` recordings: log-normal, as lengths of utterances are, at least one second."""
        return np.clip(rng.lognormal(math.log(self.median_s), self.spread, count), 1.0, self.longest_s)

    def cpu(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """CPU seconds of `count` analyses: the measured cost of each length, with a deviation of about 10 %."""
        return (CPU_EACH + CPU_PER_S * self.lengths(count, rng)) * rng.lognormal(0.0, 0.1, count)

    def mean_cpu_s(self) -> tuple[float, float]:
        """Mean of an analysis's CPU seconds, and their squared coefficient of variation."""
        sample = self.cpu(100_000, np.random.default_rng(0))
        return float(sample.mean()), float(sample.var() / sample.mean() ** 2)


def takes_per_s(learners: float, habits: Habits, hour: int = PEAK_HOUR) -> float:
    """Mean number of takes per second in this hour of the day."""
    return learners * habits.takes * HOURLY[hour % 24] / sum(HOURLY) / 3600


def visits(learners: float, habits: Habits, from_s: float, until_s: float, rng: np.random.Generator) -> Iterator[Visit]:
    """Visits between two seconds of the day, of which the first may be negative: a Poisson process with hourly rates.

    The number of takes in a visit is geometrically distributed with the mean `habits.takes`.
    """
    hour_from, hour_until = math.floor(from_s / 3600), math.ceil(until_s / 3600)
    for hour in range(hour_from, hour_until):
        begin, end = max(from_s, 3600.0 * hour), min(until_s, 3600.0 * (hour + 1))
        rate = takes_per_s(learners, habits, hour) / habits.takes
        for at_s in np.sort(rng.uniform(begin, end, rng.poisson(rate * (end - begin)))):
            yield _visit(float(at_s), habits, rng)


def _visit(at_s: float, habits: Habits, rng: np.random.Generator) -> Visit:
    takes = int(rng.geometric(1 / habits.takes))
    cpu_s = tuple(habits.cpu(takes, rng).tolist())
    if rng.random() < habits.batch_share:
        return Visit(at_s, cpu_s)
    return Visit(at_s, cpu_s, tuple(rng.exponential(habits.pause_s, takes).tolist()))
