"""The rule of a soak: growth that continues is reported, a step, noise and a filling cache are not."""

import random
from collections.abc import Callable

import pytest

from tools.chaos.readings import ProcessReading, Sample
from tools.chaos.soak_report import find_growth
from tools.chaos.trends import MEMORY_LIMIT_MB_PER_H, find_trend, warm_up_s

HOURS, EVERY_S = 2.0, 30.0
Memory = Callable[[float], float]


def series_of(value: Memory, hours: float = HOURS) -> list[tuple[float, float]]:
    moments = [step * EVERY_S for step in range(int(hours * 3600 / EVERY_S))]
    return [(at_s, value(at_s / 3600)) for at_s in moments]


def leaks(value: Memory, hours: float = HOURS) -> bool:
    return find_trend(series_of(value, hours), warm_up_s(hours * 3600)).grows(MEMORY_LIMIT_MB_PER_H)


def step_at(*moments_h: float) -> Memory:
    return lambda at_h: 100 + 8 * sum(at_h >= moment for moment in moments_h)


def noise(at_h: float) -> float:
    return random.Random(at_h).uniform(-2, 2)


@pytest.mark.parametrize("rate", [1.5, 4.0, 100.0])
def test_steady_growth_is_a_leak(rate: float) -> None:
    assert leaks(lambda at_h: 100 + rate * at_h)


def test_growth_under_noise_is_a_leak() -> None:
    assert leaks(lambda at_h: 100 + 6 * at_h + noise(at_h))


def test_growth_by_many_small_steps_is_a_leak() -> None:
    assert leaks(lambda at_h: 100 + int(at_h * 12))


@pytest.mark.parametrize("moment_h", [0.3, 0.6, 0.95, 1.25, 1.6, 1.9])
def test_a_step_that_stays_is_no_leak(moment_h: float) -> None:
    assert not leaks(step_at(moment_h))


def test_two_steps_are_no_leak() -> None:
    assert not leaks(step_at(0.85, 1.43))


def test_flat_memory_with_noise_is_no_leak() -> None:
    assert not leaks(lambda at_h: 100 + noise(at_h))


def test_growth_within_the_limit_is_no_leak() -> None:
    assert not leaks(lambda at_h: 100 + 0.8 * at_h)


def test_growth_of_the_warm_up_is_left_out() -> None:
    assert not leaks(lambda at_h: 100 + 200 * min(at_h, 0.5))


def test_a_short_run_is_not_judged() -> None:
    trend = find_trend(series_of(lambda at_h: 100 + 50 * at_h, hours=0.25), start_s=0)
    assert trend.slope == pytest.approx(50)
    assert trend.windowed_slope is None and not trend.grows(MEMORY_LIMIT_MB_PER_H)


def reading(pid: int, memory_mb: float, descriptors: int = 20, role: str = "API server") -> ProcessReading:
    return ProcessReading(role, pid, 0.0, memory_mb, descriptors, threads=4, connections=2, cpu_s=0.0)


def samples_of(processes: Callable[[float], list[ProcessReading]]) -> list[Sample]:
    return [Sample(at_s, tuple(processes(at_s / 3600)), {"objects": 0}) for at_s, _ in series_of(lambda _: 0)]


def test_one_leaking_process_among_several_of_a_role_is_named() -> None:
    samples = samples_of(lambda at_h: [reading(1, 50), reading(2, 50), reading(3, 50 + 1.5 * at_h)])
    assert find_growth(samples).grown == ["API server, memory, MB: 1.5 per hour, limit 1"]


def test_processes_that_are_replaced_are_no_leak() -> None:
    samples = samples_of(lambda at_h: [reading(1, 50), reading(10 + int(at_h * 5), 50 + 30 * (at_h % 0.2))])
    assert find_growth(samples).grown == []


def test_growing_descriptors_are_named() -> None:
    samples = samples_of(lambda at_h: [reading(1, 50, descriptors=20 + int(5 * at_h))])
    assert [text.partition(":")[0] for text in find_growth(samples).grown] == ["API server, descriptors"]


def test_processes_that_multiply_are_named() -> None:
    samples = samples_of(lambda at_h: [reading(pid, 50) for pid in range(2 + int(at_h * 6))])
    assert "API server, processes" in {text.partition(":")[0] for text in find_growth(samples).grown}
