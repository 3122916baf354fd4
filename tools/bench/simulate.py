"""`python -m tools.bench.simulate`: how long recordings wait for their analysis, by number of worker processes."""

import argparse
import math
import time
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.progress import Progress

from tools.bench import erlang, plots, report
from tools.bench.findings import Findings, Table
from tools.bench.learners import HOURLY, PEAK_HOUR, Habits, takes_per_s, visits
from tools.bench.queue_simulation import AnalysisQueue, Waited, quantile

GOAL_S, GOAL_SHARE = 3.0, 0.95
SHARES = (0.5, 0.95, 0.99)
# Learners who come before what is counted, so that it does not begin with an empty queue.
_WARM_UP_S = 900.0
_PEAK_S = 3600.0 * PEAK_HOUR
_HEADROOMS = (1.1, 1.25, 1.5)


@dataclass(frozen=True)
class Span:
    """What is simulated: this share of the learners, from a second of the day to another, counting jobs of the peak."""

    slice: float
    begin_s: float
    counted_s: tuple[float, float]
    end_s: float

    @property
    def is_day(self) -> bool:
        return self.end_s - self.begin_s >= 86_400


@dataclass(frozen=True)
class Plan:
    """A number of learners a day, and how they are simulated."""

    learners: int
    habits: Habits
    span: Span
    failing: float
    seed: int

    @property
    def simulated(self) -> float:
        return self.learners * self.span.slice

    def rate(self) -> float:
        """Analyses a second at the peak among the simulated, retries included."""
        return takes_per_s(self.simulated, self.habits) / (1 - self.failing)

    def run(self, workers: int) -> Waited:
        chance = np.random.default_rng(self.seed)
        coming = visits(self.simulated, self.habits, self.span.begin_s, self.span.end_s, chance)
        begin_s, counted_s = self.span.begin_s, self.span.counted_s
        return AnalysisQueue(workers, counted_s, begin_s=begin_s, failing=self.failing, seed=self.seed).run(coming)


def plan(learners: int, habits: Habits, jobs_max: int, minutes: float, failing: float, seed: int) -> Plan:
    """A whole day where that is no more than so many jobs; else so many minutes of the peak; else of a slice, too."""
    if learners * habits.takes <= jobs_max:
        day = Span(1.0, -_WARM_UP_S, (_PEAK_S, _PEAK_S + 3600.0), 86_400.0)
        return Plan(learners, habits, day, failing, seed)
    # From the middle of the hour, when visits that began in a quieter one are over.
    counted_s = (_PEAK_S + 1800.0, _PEAK_S + 1800.0 + 60 * minutes)
    jobs = takes_per_s(learners, habits) * (_WARM_UP_S + 60 * minutes)
    slice_ = 1 / math.ceil(jobs / jobs_max)
    return Plan(learners, habits, Span(slice_, counted_s[0] - _WARM_UP_S, counted_s, counted_s[1]), failing, seed)


def keeps_goal(waited: Waited) -> bool:
    return quantile(waited.first_s, GOAL_SHARE) <= GOAL_S


def search(plan: Plan, progress: Progress) -> list[Waited]:
    """From the first number of workers that the peak leaves any idle time (with fewer the queue grows for as long as
    the peak lasts) to the first that keeps the goal, and beyond it, with headroom.
    """
    load = plan.rate() * plan.habits.mean_cpu_s()[0]
    task = progress.add_task(f"{plan.learners:,} learners", total=None)
    found: list[Waited] = []
    fewest = math.floor(load) + 1
    while not found or not keeps_goal(found[-1]):
        found.append(plan.run(fewest + len(found)))
        progress.update(task, description=f"{plan.learners:,} learners, {found[-1].workers} workers", advance=1)
    beyond = {found[-1].workers + 1, *(math.ceil(headroom * load) for headroom in _HEADROOMS)}
    for workers in sorted(count for count in beyond if count > found[-1].workers):
        progress.update(task, description=f"{plan.learners:,} learners, {workers} workers", advance=1)
        found.append(plan.run(workers))
    progress.update(task, total=len(found), completed=len(found))
    return found


def table(plan: Plan, found: list[Waited]) -> Table:
    best = next(waited.workers for waited in found if keeps_goal(waited))
    service_s, scv = plan.habits.mean_cpu_s()
    rows = []
    for waited in found:
        cells = [str(waited.workers), f"{100 * waited.busy:.0f} %"]
        cells.append(f"{100 * waited.work_s / waited.workers / 86_400:.0f} %" if plan.span.is_day else "–")
        cells += [_seconds(quantile(waited.first_s, share)) for share in SHARES]
        cells += [_seconds(quantile(waited.batch_s, share)) for share in SHARES]
        cells.append(_seconds(erlang.wait_quantile_s(GOAL_SHARE, waited.workers, plan.rate(), service_s, scv)))
        rows.append([f"**{cell}**" for cell in cells] if waited.workers == best else cells)
    headings = ("workers", "busy at peak", "all day", *(f"first p{100 * share:.0f}" for share in SHARES))
    headings += (*(f"batch p{100 * share:.0f}" for share in SHARES), "p95 by formula")
    return Table(f"{plan.learners:,} learners a day", headings, rows, _note(plan, found[0], best))


def _note(plan: Plan, some: Waited, best: int) -> str:
    rate, (service_s, scv) = takes_per_s(plan.learners, plan.habits), plan.habits.mean_cpu_s()
    load = rate / (1 - plan.failing) * service_s
    by_formula = erlang.fewest_workers(GOAL_SHARE, GOAL_S, rate / (1 - plan.failing), service_s, scv)
    how = (
        "The whole day was simulated" if plan.span.is_day else f"Minutes of the peak were simulated, {some.jobs:,} jobs"
    )
    if plan.span.slice < 1:
        how += (
            f", of 1 learner in {1 / plan.span.slice:.0f}: a small pool waits longer than a large one, so for all, "
            f"{best} × {1 / plan.span.slice:.0f} = {best / plan.span.slice:.0f} are surely enough"
        )
    return (
        f"At the peak {rate:.3g} analyses/s keep {load:.3g} processes busy. {how}. Bold: the fewest workers that keep "
        f"up, and with whom 95 % of the first attempts wait no longer than {GOAL_S:g} s; by the formula {by_formula}, "
        "for all learners."
    )


def _seconds(value: float) -> str:
    return "∞" if math.isinf(value) else f"{value:.1f} s" if value < 99.95 else f"{value:.0f} s"


def _options() -> argparse.Namespace:
    habits = Habits()
    parser = argparse.ArgumentParser(prog="python -m tools.bench.simulate", description=__doc__)
    parser.add_argument("--learners", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="a day")
    parser.add_argument("--takes", type=float, default=habits.takes, help="recordings of a learner a day")
    parser.add_argument("--pause", type=float, default=habits.pause_s, help="seconds between answer and next take")
    parser.add_argument("--batches", type=float, default=habits.batch_share, help="share of visits sent all at once")
    parser.add_argument("--length", type=float, default=habits.median_s, help="median seconds of a recording")
    parser.add_argument("--failing", type=float, default=0.005, help="share of analyses that have to be done again")
    parser.add_argument("--minutes", type=float, default=10.0, help="of the peak, where a day is too much")
    parser.add_argument("--jobs", type=int, default=120_000, help="at most so many in one run; more: a slice of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plot", action="store_true", help="write docs/images/queue.png")
    return parser.parse_args()


def main() -> None:
    options, console = _options(), Console(highlight=False, width=140)
    habits = Habits(options.takes, options.pause, options.batches, options.length)
    begun = time.monotonic()
    shown: dict[str, list[Waited]] = {}
    console.print(f"Hourly weights: {' '.join(map(str, HOURLY))}; seed {options.seed}")
    with Progress(console=console, transient=True) as progress:
        for learners in options.learners:
            one = plan(learners, habits, options.jobs, options.minutes, options.failing, options.seed)
            found = search(one, progress)
            part = f" (1 in {1 / one.span.slice:.0f})" if one.span.slice < 1 else ""
            shown[f"{learners:,} learners a day{part}"] = found
            findings = Findings([table(one, found)])
            report.show(progress.console, findings)
            progress.console.print(findings.tables[0].note + "\n")
    if options.plot:
        console.print(f"wrote docs/images/{plots.waits('queue.png', shown)}")
    console.print(f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
