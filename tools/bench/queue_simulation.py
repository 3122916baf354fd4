"""A discrete-event simulation of the analysis queue, in which recordings wait for a worker process.

Visits come from `tools.bench.learners`; priorities and retries are those of the service; a process analyses one
recording at a time. `python -m tools.bench.simulate` runs it for different numbers of workers.
"""

import random
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import simpy

from core.settings import Settings
from jobs.analysis_client import LAST_PRIORITY
from tools.bench.learners import Visit

_ATTEMPTS_MAX, _BASE_S, _MOST_S = (
    Settings.model_fields[name].default for name in ("job_attempts_max", "job_retry_base_s", "job_retry_max_s")
)
_Events = Generator[simpy.Event, Any, None]


@dataclass
class WaitTimes:
    """Seconds in the queue of jobs sent in the measured interval: `first_s` with priority 0, `batch_s` the others.

    `busy` is the utilisation of the workers in that interval, `work_s` the CPU seconds of the whole run.
    """

    workers: int
    first_s: list[float] = field(default_factory=list)
    batch_s: list[float] = field(default_factory=list)
    busy: float = 0.0
    work_s: float = 0.0
    jobs: int = 0
    retries: int = 0


def quantile(waits_s: list[float], share: float) -> float:
    return float(np.quantile(waits_s, share)) if waits_s else 0.0


class AnalysisQueue:
    """One simulation run. The same visits and the same seed give the same result."""

    def __init__(
        self, workers: int, measured_s: tuple[float, float], *, begin_s: float, failing: float = 0.0, seed: int = 1
    ) -> None:
        """Measures jobs sent between two moments. A share `failing` of all analyses fail and are retried."""
        self._env = simpy.Environment(initial_time=begin_s)
        self._workers = simpy.PriorityResource(self._env, workers)
        self._from_s, self._until_s = measured_s
        self._failing, self._rng = failing, random.Random(seed)  # noqa: S311 - a simulation, no secret
        self._times = WaitTimes(workers)

    def run(self, arrivals: Iterable[Visit]) -> WaitTimes:
        """Runs until all jobs are done; `arrivals` is ordered by time."""
        self._env.process(self._arrive(arrivals))
        self._env.run()
        self._times.busy /= self._times.workers * (self._until_s - self._from_s)
        return self._times

    def _arrive(self, arrivals: Iterable[Visit]) -> _Events:
        for visit in arrivals:
            yield self._env.timeout(visit.at_s - self._env.now)
            if visit.pauses_s:
                self._env.process(self._practise(visit))
                continue
            for jobs_before, cpu_s in enumerate(visit.cpu_s):
                self._env.process(self._job(cpu_s, min(jobs_before, LAST_PRIORITY)))

    def _practise(self, visit: Visit) -> _Events:
        for cpu_s, pause_s in zip(visit.cpu_s, visit.pauses_s, strict=True):
            yield from self._job(cpu_s, 0)
            yield self._env.timeout(pause_s)

    def _job(self, cpu_s: float, priority: int) -> _Events:
        sent_at, waited_s = self._env.now, 0.0
        for attempt in range(1, _ATTEMPTS_MAX + 1):
            queued_at = self._env.now
            with self._workers.request(priority) as worker:
                yield worker
                waited_s += self._env.now - queued_at
                self._note_work(cpu_s)
                yield self._env.timeout(cpu_s)
            if attempt == _ATTEMPTS_MAX or self._rng.random() >= self._failing:
                break
            self._times.retries += 1
            yield self._env.timeout(min(_MOST_S, _BASE_S * 2 ** (attempt - 1)) * self._rng.uniform(0.5, 1.0))
        self._note_end(sent_at, waited_s, priority)

    def _note_work(self, cpu_s: float) -> None:
        now = self._env.now
        self._times.work_s += cpu_s
        self._times.busy += max(0.0, min(self._until_s, now + cpu_s) - max(self._from_s, now))

    def _note_end(self, sent_at: float, waited_s: float, priority: int) -> None:
        self._times.jobs += 1
        if self._from_s <= sent_at < self._until_s:
            (self._times.batch_s if priority else self._times.first_s).append(waited_s)
