"""`python -m analysis.bench`: prints the speed and memory of the engine and the CPU time of its steps."""

import argparse
import asyncio
import os
import platform

from rich.console import Console
from rich.table import Table

from analysis.bench import cpu_time, processes
from analysis.bench.cpu_time import Comparison, Cost
from analysis.bench.lines import Line, read_lines
from analysis.bench.processes import Memory
from analysis.engine.engine import Engine
from analysis.engine.languages.registry import DEFAULT_TAG, profile_for


def main() -> None:
    """Measures and prints four tables."""
    parser = argparse.ArgumentParser(prog="python -m analysis.bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="warm runs per line; medians are shown")
    parser.add_argument("--lines", type=int, default=40, help="lines per measurement of throughput")
    options = parser.parse_args()
    console = Console(highlight=False, width=140)
    load = os.getloadavg()[0]
    console.print(
        f"{platform.machine()}, {os.cpu_count()} CPUs, load {load:.1f} before, Python {platform.python_version()}"
    )
    engine, lines = Engine(profile_for(DEFAULT_TAG)), read_lines()
    engine.warm_up()
    console.print(cost_table([cpu_time.measure_cost(engine, line, options.runs) for line in lines]))
    console.print(comparison_table([(line, cpu_time.compare(engine, line, options.runs)) for line in lines[:2]]))
    console.print(memory_table(asyncio.run(processes.measure_memory(lines, engine))))
    line = lines[1]
    reference = engine.features(line.samples, line.text).model_dump_json()
    rates = {count: asyncio.run(processes.lines_per_minute(line, reference, count, options.lines)) for count in (1, 2)}
    console.print(rate_table(line, rates))


def cost_table(costs: list[Cost]) -> Table:
    """Returns milliseconds of CPU by step."""
    table = Table(title="CPU ms for one line", title_justify="left")
    for heading in ("line", *cpu_time.STEPS, "all", "first time", "real-time factor"):
        table.add_column(heading, justify="right", no_wrap=True)
    for cost in costs:
        spent = [f"{1000 * cost.steps[name]:.0f}" for name in cpu_time.STEPS]
        factor = f"{cost.wall_s / cost.line.seconds:.3f}"
        totals = (f"{1000 * seconds:.0f}" for seconds in (cost.cpu_s, cost.first_cpu_s))
        table.add_row(f"{cost.line.seconds:.1f} s", *spent, *totals, factor)
    return table


def comparison_table(compared: list[tuple[Line, Comparison]]) -> Table:
    """Returns the CPU time of three ways to compute the same posteriors."""
    table = Table(title="Posteriors of all sounds, CPU ms", title_justify="left")
    for heading in ("line", "sounds", "shared passes", "batched passes", "naive passes", "faster by", "differ by"):
        table.add_column(heading, justify="right")
    for line, one in compared:
        table.add_row(
            f"{line.seconds:.1f} s",
            str(one.phones),
            *(f"{1000 * seconds:.0f}" for seconds in (one.shared_s, one.batched_s, one.naive_s)),
            f"{one.batched_s / one.shared_s:.0f}× / {one.naive_s / one.shared_s:.0f}×",
            f"{one.difference:.0e}",
        )
    return table


def memory_table(used: Memory) -> Table:
    """Returns the resident memory of one engine process."""
    table = Table(title="Resident memory of an engine process, MB", title_justify="left")
    for heading in ("warmed up", "after 50 lines", "after a 120-s recording", "at most"):
        table.add_column(heading, justify="right")
    table.add_row(*(f"{value:.0f}" for value in (used.warm_mb, used.lines_mb, used.long_mb, used.peak_mb)))
    return table


def rate_table(line: Line, rates: dict[int, float]) -> Table:
    """Returns the throughput by number of processes."""
    table = Table(title=f"Lines of {line.seconds:.1f} s analyzed per minute", title_justify="left")
    for count in rates:
        table.add_column(f"{count} process{'es' if count > 1 else ''}", justify="right")
    table.add_row(*(f"{rate:.0f}" for rate in rates.values()))
    return table


if __name__ == "__main__":
    main()
