"""The tables of a soak: trends of each role, and the outcome of all jobs."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.table import Table

from tools.chaos.audit import Verdict
from tools.chaos.load import Load
from tools.chaos.mixed_load import MixedLoad
from tools.chaos.readings import STORE, ProcessReading, Sample
from tools.chaos.trends import (
    MEMORY_LIMIT_MB_PER_H,
    Trend,
    after,
    count_limit_per_h,
    find_trend,
    warm_up_s,
)

MEMORY, CORES = "memory, MB", "cores"
_Total = Callable[[Sequence[ProcessReading]], float]
TOTALS: Mapping[str, _Total] = {
    MEMORY: lambda processes: sum(one.memory_mb for one in processes),
    "descriptors": lambda processes: sum(one.descriptors for one in processes),
    "connections": lambda processes: sum(one.connections for one in processes),
    "threads": lambda processes: sum(one.threads for one in processes),
    "processes": len,
}
UNJUDGED = frozenset({(STORE, MEMORY), ("service", "recordings in the store")})


@dataclass
class Growth:
    """All trends, by role and quantity. `grown` names those above their limits; `cores` are means over the run."""

    measured_s: float
    warm_up_s: float
    trends: dict[tuple[str, str], Trend] = field(default_factory=dict)
    cores: dict[str, float] = field(default_factory=dict)
    grown: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        trends = [{"role": role, "quantity": name, **asdict(trend)} for (role, name), trend in self.trends.items()]
        return {**asdict(self), "trends": trends}


def find_growth(samples: Sequence[Sample]) -> Growth:
    """Returns the trends of all roles and counts; each is compared with its limit."""
    measured_s = samples[-1].at_s
    growth = Growth(measured_s, warm_up_s(measured_s))
    for role in {role: None for sample in samples for role in sample.roles}:
        _add_role(growth, role, samples)
    for name in samples[0].counts:
        series = [(sample.at_s, float(sample.counts[name])) for sample in samples]
        trend = find_trend(series, growth.warm_up_s)
        _add(growth, "service", name, trend, count_limit_per_h(trend))
    growth.cores = _mean_cores(samples)
    return growth


def _add_role(growth: Growth, role: str, samples: Sequence[Sample]) -> None:
    for name, total in TOTALS.items():
        series = [(sample.at_s, float(total(sample.roles.get(role, [])))) for sample in samples]
        trend = find_trend(series, growth.warm_up_s)
        if name != MEMORY:
            _add(growth, role, name, trend, count_limit_per_h(trend))
            continue
        worst = _worst_process(role, samples, growth.warm_up_s)
        if worst is not None:
            trend = Trend(trend.first, trend.last, trend.highest, worst.slope, worst.windowed_slope)
        _add(growth, role, name, trend, MEMORY_LIMIT_MB_PER_H)


def _add(growth: Growth, role: str, name: str, trend: Trend, limit: float) -> None:
    growth.trends[role, name] = trend
    if trend.grows(limit) and (role, name) not in UNJUDGED:
        growth.grown.append(f"{role}, {name}: {trend.slope:.1f} per hour, limit {limit:g}")


def _worst_process(role: str, samples: Sequence[Sample], start_s: float) -> Trend | None:
    """The trend of the process whose memory rises most, among those that ran all the time after the warm-up."""
    series: dict[tuple[int, float], list[tuple[float, float]]] = defaultdict(list)
    for sample in samples:
        for one in sample.roles.get(role, []):
            series[one.pid, one.started_at].append((sample.at_s, one.memory_mb))
    expected = len([sample for sample in samples if sample.at_s >= start_s])
    trends = [find_trend(points, start_s) for points in series.values() if len(after(points, start_s)) == expected]
    return max(trends, key=lambda trend: _steady_slope(trend), default=None)


def _steady_slope(trend: Trend) -> float:
    """The smaller of both slopes: the one that decides."""
    known = [slope for slope in (trend.slope, trend.windowed_slope) if slope is not None]
    return min(known, default=0.0)


def _mean_cores(samples: Sequence[Sample]) -> dict[str, float]:
    """CPU seconds per second of each role, between the first and the last reading of each process."""
    used: dict[tuple[str, int, float], list[float]] = defaultdict(list)
    for sample in samples:
        for one in sample.processes:
            used[one.role, one.pid, one.started_at].append(one.cpu_s)
    cores: dict[str, float] = defaultdict(float)
    duration_s = max(samples[-1].at_s - samples[0].at_s, 1.0)
    for (role, _, _), readings in used.items():
        cores[role] += (readings[-1] - readings[0]) / duration_s
    return dict(cores)


def tabulate_growth(growth: Growth) -> Table:
    """First, last and highest values, and slopes after the warm-up; of memory, those of the process that rises most."""
    hours = growth.measured_s / 3600
    title = f"{hours:.2f} h; slopes per hour without the first {growth.warm_up_s / 60:.0f} min"
    table = Table("", "", title=title, title_justify="left")
    for name in ("first", "last", "highest", "slope", "by windows"):
        table.add_column(name, justify="right")
    role_before = None
    for (role, name), trend in growth.trends.items():
        if role != role_before:
            table.add_section()
        cores = f" ({growth.cores[role]:.2f} cores)" if role in growth.cores else ""
        values = [f"{value:.0f}" for value in (trend.first, trend.last, trend.highest)]
        slopes = [_show(slope) for slope in (trend.slope, trend.windowed_slope)]
        table.add_row("" if role == role_before else role + cores, name, *values, *slopes)
        role_before = role
    return table


def _show(slope: float | None) -> str:
    return "too short" if slope is None else f"{slope:+.2f}"


def tabulate_jobs(load: Load, mixed: MixedLoad, verdict: Verdict) -> Table:
    """The number of each activity of the learners, and the outcome of their jobs."""
    table = Table(title="jobs", show_header=False, title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    for name, count in sorted(mixed.done.items()):
        table.add_row(name, str(count))
    table.add_section()
    times_s = sorted(verdict.times_s) or [0.0]
    for name, value in {
        "jobs accepted": verdict.accepted,
        "completed": verdict.completed,
        "failed with a reason": sum(verdict.failed.values()),
        "erased with their account": verdict.erased,
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "stuck": len(verdict.stuck),
        "orphans in spool and store": len(verdict.orphaned),
        "uploads refused and retried": load.refusals,
        "streams opened": load.streams_opened,
        "violations": len(load.violations),
        "median time to a terminal state": f"{times_s[len(times_s) // 2]:.1f} s",
        "longest time to a terminal state": f"{times_s[-1]:.1f} s",
    }.items():
        table.add_row(name, str(value))
    return table
