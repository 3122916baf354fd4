"""`make soak`: hours of a low, mixed load without faults, to show that nothing grows and nothing is lost.

Every process is measured each half minute. The run fails (exit 1) when, after the warm-up (a quarter, half an hour at
most), the memory of a process grows by more than 1 MB per hour, or the descriptors, connections, threads or processes
of a role by more than 2 (or 1 %) per hour, by the rule in tools/chaos/trends.py: a step that then stays is no leak. It
fails too when a job was lost, doubled or stuck, or a client got an unexpected response. The memory of the S3 store is
shown and not judged: it keeps an index of all objects, and their number grows.
"""

import argparse
import asyncio
import csv
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import httpx
from rich.console import Console

from tools.chaos.audit import Verdict, assess, count_unfinished, install_trigger
from tools.chaos.load import Load
from tools.chaos.mixed_load import MixedLoad
from tools.chaos.readings import Sample, take_sample
from tools.chaos.servers import ORPHAN_GRACE_S, Servers, seed, start_servers
from tools.chaos.soak_report import Growth, find_growth, tabulate_growth, tabulate_jobs

DRAIN_S = 180.0
PRINTED_EVERY_S = 60.0


class SoakRun:
    """One soak over started servers."""

    def __init__(self, servers: Servers, options: argparse.Namespace, console: Console) -> None:
        rng = random.Random(options.seed)  # noqa: S311 - a repeatable choice, no secret
        with httpx.Client(base_url=servers.url, timeout=30) as client:
            learners, recordings = seed(client)
        self.load = Load(servers.url, learners, recordings, rng)
        self.mixed = MixedLoad(self.load, servers.url, learners, recordings, rng)
        self.samples: list[Sample] = []
        self._servers, self._options, self._console = servers, options, console
        self._roots = {*servers.stores, *servers.processes}
        self._started = time.monotonic()
        self._printed_at = 0.0
        install_trigger(servers)

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._started

    async def run(self) -> Verdict:
        """Loads and measures for the given hours, waits for all jobs, and checks every one."""
        load = asyncio.create_task(self.mixed.run())
        try:
            await self._measure(load)
        finally:
            self.mixed.stop()
        await load
        await self._drain()
        # For as long as files and objects without a row may stay.
        await asyncio.sleep(ORPHAN_GRACE_S + 15)
        await self.load.close()
        return await asyncio.to_thread(assess, self._servers, self.load.accepted)

    async def _measure(self, load: asyncio.Task[None]) -> None:
        while self.age_s < self._options.hours * 3600:
            taken_at = self.age_s
            sample = await asyncio.to_thread(take_sample, self._servers, self._started)
            self.samples.append(sample)
            if self._options.csv:
                append_csv(self._options.csv, sample)
            if taken_at - self._printed_at >= PRINTED_EVERY_S or len(self.samples) == 1:
                self._printed_at = taken_at
                self._print(sample)
            if ended := self._roots - sample.roles.keys():
                self.load.violations.append(f"ended by itself: {', '.join(sorted(ended))}")
                return
            # Ends early with the error of the load.
            await asyncio.wait([load], timeout=max(0.0, taken_at + self._options.every - self.age_s))
            if load.done():
                return

    async def _drain(self) -> None:
        deadline = time.monotonic() + DRAIN_S
        while time.monotonic() < deadline:
            unfinished = await asyncio.to_thread(count_unfinished, self._servers)
            if unfinished == 0 and self.load.uploading == 0:
                break
            await asyncio.sleep(0.5)
        await self.load.finish(ORPHAN_GRACE_S + 15)

    def _print(self, sample: Sample) -> None:
        memory = " · ".join(
            f"{role} {sum(one.memory_mb for one in processes):.0f} MB" for role, processes in sample.roles.items()
        )
        age = f"{sample.at_s / 60:5.1f} min"
        self._console.print(f"[{age}] {len(self.load.accepted)} accepted · {memory}", highlight=False, soft_wrap=True)


def append_csv(path: Path, sample: Sample) -> None:
    """Adds one row for each process, and creates the file with its header."""
    rows = [{"at_s": round(sample.at_s, 1), **asdict(process), **sample.counts} for process in sample.processes]
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        if is_new:
            writer.writeheader()
        writer.writerows(rows)


def print_growth(run: SoakRun, options: argparse.Namespace, console: Console) -> Growth | None:
    """Prints what was measured so far, and writes it where --json says."""
    if not run.samples:
        return None
    growth = find_growth(run.samples)
    console.print(tabulate_growth(growth))
    if options.json:
        text = json.dumps({"activities": run.mixed.done, **growth.as_dict()}, indent=2)
        options.json.write_text(text + "\n", encoding="utf-8")
    return growth


def problems_of(run: SoakRun, verdict: Verdict, growth: Growth | None) -> Iterator[str]:
    for name in ("lost", "doubled", "stuck", "orphaned"):
        yield from (f"{name}: {item}" for item in getattr(verdict, name)[:20])
    yield from (f"violation: {text}" for text in run.load.violations[:20])
    yield from (f"grows: {text}" for text in (growth.grown if growth else ["nothing was measured"]))


def soak(servers: Servers, options: argparse.Namespace, console: Console) -> int:
    """Runs the soak and prints its tables; returns the exit code."""
    run = SoakRun(servers, options, console)
    try:
        verdict = asyncio.run(run.run())
    except BaseException as error:
        console.print("Ended early; the jobs were not checked. Measured so far:")
        print_growth(run, options, console)
        if not isinstance(error, KeyboardInterrupt):
            raise
        return 130
    growth = print_growth(run, options, console)
    console.print(tabulate_jobs(run.load, run.mixed, verdict))
    problems = list(problems_of(run, verdict, growth))
    for problem in problems:
        console.print(problem, highlight=False)
    return 1 if problems else 0


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.chaos.soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=2.0, help="duration of the load; growth is judged from 1 on")
    parser.add_argument("--every", type=float, default=30.0, help="seconds between two measurements")
    parser.add_argument("--csv", type=Path, help="a file for all measurements, one row for each process")
    parser.add_argument("--json", type=Path, help="a file for the table at the end")
    parser.add_argument("--seed", type=int, default=1, help="of the choices of the load")
    return parser.parse_args()


def main() -> int:
    options = parse_options()
    if options.csv:
        options.csv.unlink(missing_ok=True)
    # SIGTERM ends a soak as Ctrl-C does: the tables are printed and all servers stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(width=140)
    rng = random.Random(options.seed)  # noqa: S311 - as above
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder:
        try:
            with start_servers(Path(folder), rng, is_calm=True) as servers:
                return soak(servers, options, console)
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main())
