"""The simulation of the analysis queue, compared with queueing theory and with the rules of the product."""

from collections.abc import Callable

import numpy as np
import pytest
from rich.progress import Progress

from core.settings import Settings
from jobs.analysis_client import LAST_PRIORITY
from tools.bench import erlang
from tools.bench.learners import (
    CPU_EACH,
    CPU_PER_S,
    HOURLY,
    MEASURED_CPU,
    PEAK_HOUR,
    Habits,
    Visit,
    takes_per_s,
    visits,
)
from tools.bench.queue_simulation import AnalysisQueue, WaitTimes, quantile
from tools.bench.simulate import meets_goal, plan, search, table

Service = Callable[[np.random.Generator], float]


def poisson(
    workers: int, rate: float, service: Service, jobs: int = 60_000, seed: int = 3
) -> tuple[WaitTimes, float, float]:
    """Simulates Poisson arrivals of single recordings; returns waits, actual rate and mean service time in seconds.

    The first tenth of the arrivals, while the queue fills, is not counted.
    """
    chance = np.random.default_rng(seed)
    times = np.cumsum(chance.exponential(1 / rate, jobs))
    coming = [Visit(float(at_s), (service(chance),)) for at_s in times]
    waited = AnalysisQueue(workers, (float(times[jobs // 10]), float(times[-1])), begin_s=0.0).run(coming)
    return waited, jobs / float(times[-1]), waited.work_s / jobs


@pytest.mark.parametrize(("workers", "busy"), [(1, 0.7), (4, 0.7), (10, 0.7)])
def test_waits_with_exponential_service_times_match_erlang_c(workers: int, busy: float) -> None:
    waited, rate, service_s = poisson(workers, 2 * workers * busy, lambda chance: float(chance.exponential(0.5)))
    waits = np.array(waited.first_s)
    assert waits.mean() == pytest.approx(erlang.mean_wait_s(workers, rate, service_s), rel=0.1)
    assert (waits > 0).mean() == pytest.approx(erlang.probability_of_waiting(workers, rate * service_s), rel=0.05)
    expected = erlang.wait_quantile_s(0.95, workers, rate, service_s)
    assert quantile(waited.first_s, 0.95) == pytest.approx(expected, rel=0.1)
    assert waited.busy == pytest.approx(busy, rel=0.03)


def test_constant_service_times_halve_the_wait() -> None:
    waited, rate, service_s = poisson(1, 1.5, lambda chance: 0.5)
    assert np.mean(waited.first_s) == pytest.approx(erlang.mean_wait_s(1, rate, service_s, scv=0.0), rel=0.05)


@pytest.mark.parametrize(
    ("workers", "load", "waiting"), [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (2, 2.0, 1.0)]
)
def test_erlang_c_matches_known_values(workers: int, load: float, waiting: float) -> None:
    assert erlang.probability_of_waiting(workers, load) == pytest.approx(waiting)


def test_fewest_workers_meet_the_goal_and_one_less_does_not() -> None:
    fewest = erlang.fewest_workers(0.95, 0.1, 34.7, 0.6, 0.25)
    assert erlang.wait_quantile_s(0.95, fewest, 34.7, 0.6, 0.25) <= 0.1
    assert erlang.wait_quantile_s(0.95, fewest - 1, 34.7, 0.6, 0.25) > 0.1


def test_first_recording_overtakes_the_batch_of_another_learner() -> None:
    coming = [Visit(0.0, (1.0,) * 5), Visit(0.5, (1.0,))]
    waited = AnalysisQueue(1, (0.0, 10.0), begin_s=0.0).run(coming)
    assert waited.first_s == [0.0, 0.5]
    assert waited.batch_s == [2.0, 3.0, 4.0, 5.0]
    assert waited.busy == pytest.approx(0.6)


def test_jobs_of_the_last_priority_run_in_order_of_arrival() -> None:
    long = (1.0,) * (LAST_PRIORITY + 4)
    waited = AnalysisQueue(1, (0.0, 100.0), begin_s=0.0).run([Visit(0.0, long), Visit(0.1, long)])
    assert sorted(waited.batch_s) == waited.batch_s
    assert waited.jobs == 2 * len(long)


def test_next_take_follows_the_result_and_a_pause() -> None:
    coming = [Visit(0.0, (2.0, 2.0), (1.0, 1.0)), Visit(1.0, (4.0,))]
    waited = AnalysisQueue(1, (0.0, 10.0), begin_s=0.0).run(coming)
    assert waited.first_s == [0.0, 1.0, 3.0]


def test_failing_job_is_retried_as_often_as_in_production() -> None:
    waited = AnalysisQueue(1, (0.0, 10.0), begin_s=0.0, failing=1.0).run([Visit(0.0, (1.0,))])
    attempts = Settings.model_fields["job_attempts_max"].default
    assert (waited.jobs, waited.retries, waited.work_s) == (1, attempts - 1, attempts)


def test_arrivals_follow_the_hourly_distribution() -> None:
    habits = Habits()
    day = list(visits(50_000, habits, 0.0, 86_400.0, np.random.default_rng(5)))
    assert [visit.at_s for visit in day] == sorted(visit.at_s for visit in day)
    shares = np.bincount([int(visit.at_s // 3600) for visit in day], minlength=24) / len(day)
    assert np.abs(shares - np.array(HOURLY) / sum(HOURLY)).max() < 0.005
    assert int(shares.argmax()) == PEAK_HOUR
    assert sum(len(visit.cpu_s) for visit in day) == pytest.approx(50_000 * habits.takes, rel=0.03)
    assert sum(not visit.pauses_s for visit in day) / len(day) == pytest.approx(habits.batch_share, rel=0.1)
    assert sum(takes_per_s(50_000, habits, hour) * 3600 for hour in range(24)) == pytest.approx(50_000 * habits.takes)


def test_analysis_cpu_time_fits_the_measurements() -> None:
    for length_s, cpu_s in MEASURED_CPU:
        assert CPU_EACH + CPU_PER_S * length_s == pytest.approx(cpu_s, rel=0.1)


def test_many_learners_are_sampled_and_few_simulated_for_a_whole_day() -> None:
    habits = Habits()
    few, many = (plan(learners, habits, 50_000, 10.0, 0.0, 1) for learners in (2_000, 1_000_000))
    assert few.span.is_day and few.span.sample_share == 1
    assert not many.span.is_day and many.span.sample_share < 1
    assert many.run(60).jobs <= 55_000


def test_runs_are_reproducible_and_more_workers_shorten_waits() -> None:
    one = plan(1_000, Habits(), 20_000, 10.0, 0.01, 7)
    first, again, more = one.run(1), one.run(1), one.run(2)
    assert first == again and first.retries > 0
    assert quantile(more.first_s, 0.95) < quantile(first.first_s, 0.95)
    assert meets_goal(first) == (quantile(first.first_s, 0.95) <= 3.0)


def test_search_marks_the_fewest_workers_that_meet_the_goal() -> None:
    one = plan(8_000, Habits(), 30_000, 5.0, 0.0, 2)
    found = search(one, Progress(disable=True))
    counts = [waited.workers for waited in found]
    assert counts == sorted(set(counts)) and len(counts) >= 2
    marked = [row[0] for row in table(one, found).rows if row[0].startswith("**")]
    assert marked == [f"**{next(waited.workers for waited in found if meets_goal(waited))}**"]
