"""`python -m tools.bench.simulate`: waiting times of recordings by number of analysis workers."""

import argparse
import math
import time
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.progress import Progress

from tools.bench import erlang, plots, report
from tools.bench.learners import HOURLY, PEAK_HOUR, Habits, takes_per_s, visits
from tools.bench.queue_simulation import AnalysisQueue, WaitTimes, quantile
from tools.bench.results import SectionResults, Table

GOAL_S, GOAL_SHARE = 3.0, 0.95
SHARES = (0.5, 0.95, 0.99)
# Simulated before the measured interval, so that it does not start with an empty queue.
_WARM_UP_S = 900.0
_PEAK_S = 3600.0 * PEAK_HOUR
_HEADROOMS = (1.1, 1.25, 1.5)


@dataclass(frozen=True)
class Span:
    """The simulated share of the learners and seconds of the day, and the interval in which jobs are measured."""

    sample_share: float
    begin_s: float
    measured_s: tuple[float, float]
    end_s: float

    @property
    def is_day(self) -> bool:
        return self.end_s - self.begin_s >= 86_400


@dataclass(frozen=True)
class Plan:
    """A number of learners a day, and the way they are simulated."""

    learners: int
    habits: Habits
    span: Span
    failing: float
    seed: int

    @property
    def simulated(self) -> float:
        return self.learners * self.span.sample_share

    def rate(self) -> float:
        """Simulated analyses per second at the peak, including retries."""
        return takes_per_s(self.simulated, self.habits) / (1 - self.failing)

    def run(self, workers: int) -> WaitTimes:
        rng = np.random.default_rng(self.seed)
        arrivals = visits(self.simulated, self.habits, self.span.begin_s, self.span.end_s, rng)
        begin_s, measured_s = self.span.begin_s, self.span.measured_s
        return AnalysisQueue(workers, measured_s, begin_s=begin_s, failing=self.failing, seed=self.seed).run(arrivals)


def plan(learners: int, habits: Habits, jobs_max: int, minutes: float, failing: float, seed: int) -> Plan:
    """Plans a whole day if that is at most `jobs_max` jobs; else minutes of the peak, if need be of some learners."""
    if learners * habits.takes <= jobs_max:
        day = Span(1.0, -_WARM_UP_S, (_PEAK_S, _PEAK_S + 3600.0), 86_400.0)
        return Plan(learners, habits, day, failing, seed)
    # From the middle of the hour, when visits of the quieter hour before are over.
    measured_s = (_PEAK_S + 1800.0, _PEAK_S + 1800.0 + 60 * minutes)
    jobs = takes_per_s(learners, habits) * (_WARM_UP_S + 60 * minutes)
    sample_share = 1 / math.ceil(jobs / jobs_max)
    span = Span(sample_share, measured_s[0] - _WARM_UP_S, measured_s, measured_s[1])
    return Plan(learners, habits, span, failing, seed)


def meets_goal(times: WaitTimes) -> bool:
    return quantile(times.first_s, GOAL_SHARE) <= GOAL_S


def search(plan: Plan, progress: Progress) -> list[WaitTimes]:
    """Simulates increasing numbers of workers until the goal is met, and some larger numbers beyond.

    Starts with the first number that has any idle time at the peak; with fewer the queue grows while the peak lasts.
    """
    load = plan.rate() * plan.habits.mean_cpu_s()[0]
    task = progress.add_task(f"{plan.learners:,} learners", total=None)
    runs: list[WaitTimes] = []
    fewest = math.floor(load) + 1
    while not runs or not meets_goal(runs[-1]):
        runs.append(plan.run(fewest + len(runs)))
        progress.update(task, description=f"{plan.learners:,} learners, {runs[-1].workers} workers", advance=1)
    beyond = {runs[-1].workers + 1, *(math.ceil(headroom * load) for headroom in _HEADROOMS)}
    for workers in sorted(count for count in beyond if count > runs[-1].workers):
        progress.update(task, description=f"{plan.learners:,} learners, {workers} workers", advance=1)
        runs.append(plan.run(workers))
    progress.update(task, total=len(runs), completed=len(runs))
    return runs


def table(plan: Plan, runs: list[WaitTimes]) -> Table:
    """One row for each number of workers; the smallest that meets the goal in bold."""
    best = next(times.workers for times in runs if meets_goal(times))
    service_s, scv = plan.habits.mean_cpu_s()
    rows = []
    for times in runs:
        cells = [str(times.workers), f"{100 * times.busy:.0f} %"]
        cells.append(f"{100 * times.work_s / times.workers / 86_400:.0f} %" if plan.span.is_day else "–")
        cells += [_seconds(quantile(times.first_s, share)) for share in SHARES]
        cells += [_seconds(quantile(times.batch_s, share)) for share in SHARES]
        cells.append(_seconds(erlang.wait_quantile_s(GOAL_SHARE, times.workers, plan.rate(), service_s, scv)))
        rows.append([f"**{cell}**" for cell in cells] if times.workers == best else cells)
    headings = ("workers", "busy at peak", "all day", *(f"first p{100 * share:.0f}" for share in SHARES))
    headings += (*(f"batch p{100 * share:.0f}" for share in SHARES), "p95 by formula")
    return Table(f"{plan.learners:,} learners a day", headings, rows, _note(plan, runs[0], best))


def _note(plan: Plan, first: WaitTimes, best: int) -> str:
    rate, (service_s, scv) = takes_per_s(plan.learners, plan.habits), plan.habits.mean_cpu_s()
    load = rate / (1 - plan.failing) * service_s
    by_formula = erlang.fewest_workers(GOAL_SHARE, GOAL_S, rate / (1 - plan.failing), service_s, scv)
    scope = (
        "The whole day was simulated"
        if plan.span.is_day
        else f"Minutes of the peak were simulated, {first.jobs:,} jobs"
    )
    if plan.span.sample_share < 1:
        factor = 1 / plan.span.sample_share
        scope += (
            f", of 1 learner in {factor:.0f}: jobs wait longer for a small pool than for a large one, so "
            f"{best} × {factor:.0f} = {best * factor:.0f} workers are enough for all learners"
        )
    return (
        f"At the peak {rate:.3g} analyses/s keep {load:.3g} processes busy. {scope}. Bold: the fewest workers with "
        f"which 95 % of the first attempts wait at most {GOAL_S:g} s; {by_formula} by the formula, for all learners."
    )


def _seconds(value: float) -> str:
    return "∞" if math.isinf(value) else f"{value:.1f} s" if value < 99.95 else f"{value:.0f} s"


def _options() -> argparse.Namespace:
    habits = Habits()
    parser = argparse.ArgumentParser(prog="python -m tools.bench.simulate", description=__doc__)
    parser.add_argument("--learners", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="learners a day")
    parser.add_argument("--takes", type=float, default=habits.takes, help="recordings per learner and day")
    parser.add_argument(
        "--pause", type=float, default=habits.pause_s, help="seconds between a result and the next take"
    )
    parser.add_argument(
        "--batches", type=float, default=habits.batch_share, help="share of visits whose takes are all sent at once"
    )
    parser.add_argument("--length", type=float, default=habits.median_s, help="median seconds of a recording")
    parser.add_argument("--failing", type=float, default=0.005, help="share of analyses that fail and are retried")
    parser.add_argument(
        "--minutes", type=float, default=10.0, help="minutes of the peak, when a whole day has too many jobs"
    )
    parser.add_argument(
        "--jobs", type=int, default=120_000, help="most jobs in one run; beyond, only some learners are simulated"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plot", action="store_true", help="write docs/images/queue.png")
    return parser.parse_args()


def main() -> None:
    options, console = _options(), Console(highlight=False, width=140)
    habits = Habits(options.takes, options.pause, options.batches, options.length)
    started_at = time.monotonic()
    shown: dict[str, list[WaitTimes]] = {}
    console.print(f"Hourly weights: {' '.join(map(str, HOURLY))}; seed {options.seed}")
    with Progress(console=console, transient=True) as progress:
        for learners in options.learners:
            one = plan(learners, habits, options.jobs, options.minutes, options.failing, options.seed)
            runs = search(one, progress)
            part = f" (1 in {1 / one.span.sample_share:.0f})" if one.span.sample_share < 1 else ""
            shown[f"{learners:,} learners a day{part}"] = runs
            results = SectionResults([table(one, runs)])
            report.show(progress.console, results)
            progress.console.print(results.tables[0].note + "\n")
    if options.plot:
        console.print(f"wrote docs/images/{plots.waits('queue.png', shown)}")
    console.print(f"{time.monotonic() - started_at:.0f} s")


if __name__ == "__main__":
    main()
