"""`python -m tools.chaos`: the run, its progress, the table; exit code 1 when something was lost, doubled or stuck."""

import argparse
import asyncio
import contextlib
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from tools.chaos.audit import Verdict, count_unfinished, judge, watch
from tools.chaos.cluster import running_cluster
from tools.chaos.faults import Faults
from tools.chaos.load import Load
from tools.chaos.servers import ORPHAN_GRACE_S, QUEUE_SIZE, Servers, furnish, running

# Together below ten minutes: faults end here, and whoever is not at the end then is stuck.
FAULTS_UNTIL_S, CALM_UNTIL_S = 360.0, 555.0
FLOOD, BURST = 5 * QUEUE_SIZE, 4
SETTLE_S = (1.0, 4.0)


class Run:
    """One run of chaos over servers that are up."""

    def __init__(self, servers: Servers, chance: random.Random, console: Console) -> None:
        self.injected: Counter[str] = Counter()
        self.faults = Faults(servers, chance)
        self._servers = servers
        self._chance = chance
        self._console = console
        self._started = time.monotonic()
        with httpx.Client(base_url=servers.url, timeout=30) as client:
            self.load = Load(servers.url, *furnish(client), chance)
        watch(servers)

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._started

    async def go(self, rounds: int, jobs: int) -> Verdict:
        # One thread that stays: a child ends with the thread that started it.
        with ThreadPoolExecutor(1) as thread:
            for number in range(rounds):
                self._say(f"round {number + 1} of {rounds}: {FLOOD} recordings at once for a queue of {QUEUE_SIZE}")
                self.injected["analysis queue flooded"] += 1
                self.load.burst(FLOOD)
                await self._one_round(thread)
            self.load.burst(max(0, jobs - len(self.load.attempts)))
            await self._calm()
            return await asyncio.get_running_loop().run_in_executor(thread, judge, self._servers, self.load.accepted)

    async def _one_round(self, thread: ThreadPoolExecutor) -> None:
        for fault in self.faults.one_round():
            if self.age_s > FAULTS_UNTIL_S:
                return
            self.load.burst(BURST)
            await asyncio.sleep(self._chance.uniform(0.1, 1.5))
            began = time.monotonic()
            injection = asyncio.get_running_loop().run_in_executor(thread, fault.inject)
            self.load.burst(BURST // 2)
            await injection
            self.injected[fault.name] += 1
            self._say(f"{fault.name}, {time.monotonic() - began:.1f} s")
            await asyncio.sleep(self._chance.uniform(*SETTLE_S))

    async def _calm(self) -> None:
        self._say("no more faults; waiting for every job to end")
        said_at = self.age_s
        while self.age_s < CALM_UNTIL_S:
            unfinished = await asyncio.to_thread(count_unfinished, self._servers)
            if unfinished == 0 and self.load.uploading == 0:
                break
            if self.age_s > said_at + 10:
                said_at = self.age_s
                self._say(f"{unfinished} to go")
            await asyncio.sleep(0.5)
        await self.load.finish(ORPHAN_GRACE_S + 15)
        await self.load.close()

    def _say(self, what: str) -> None:
        self._console.print(f"[{self.age_s:5.0f} s] {len(self.load.accepted):3d} accepted · {what}", highlight=False)


def tabulate(run: Run, servers: Servers, verdict: Verdict) -> Table:
    table = Table(title="chaos", show_header=False, title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    for name, count in sorted((run.injected + servers.proxy.seen).items()):
        table.add_row(name, str(count))
    table.add_row("analysis queue found full (429)", str(len(re.findall(r"waits .* queue is full", servers.log))))
    table.add_section()
    times = sorted(verdict.times_s) or [0.0]
    for name, value in {
        "uploads refused or broken off, and sent again": run.load.refusals,
        "jobs accepted": verdict.accepted,
        "completed": verdict.completed,
        "failed with a reason": sum(verdict.failed.values()),
        **{f"    {code}": count for code, count in verdict.failed.items()},
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "stuck": len(verdict.stuck),
        "streams opened": run.load.streams_opened,
        "offences against the law of streams": len(run.load.offences),
        "left behind in spool and store": len(verdict.left_behind),
        "median time to a terminal state": f"{times[len(times) // 2]:.1f} s",
        "longest time to a terminal state": f"{times[-1]:.1f} s",
        "longest stop of a server after SIGTERM": f"{run.faults.longest_stop_s:.1f} s",
        "whole run": f"{run.age_s:.0f} s",
    }.items():
        table.add_row(name, str(value))
    return table


async def perform(servers: Servers, options: argparse.Namespace, console: Console) -> bool:
    run = Run(servers, random.Random(options.seed), console)  # noqa: S311 - a repeatable choice, no secret
    verdict = await run.go(options.rounds, options.jobs)
    console.print(tabulate(run, servers, verdict))
    wrongs = {
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "stuck": verdict.stuck,
        "left behind": verdict.left_behind,
        "offence": run.load.offences,
    }
    for name, found in wrongs.items():
        for what in found[:20]:
            console.print(f"{name}: {what}", highlight=False)
    if verdict.accepted < options.jobs:
        console.print(f"only {verdict.accepted} jobs were accepted, of {options.jobs}")
    return not any(wrongs.values()) and verdict.accepted >= options.jobs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description=__doc__)
    parser.add_argument("--jobs", type=int, default=200, help="at least so many")
    parser.add_argument("--rounds", type=int, default=2, help="how often every fault comes")
    parser.add_argument("--cluster", action="store_true", help="two or more of each process behind a proxy, over Redis")
    parser.add_argument("--seed", type=int, default=None, help="for the same faults in the same order")
    parser.add_argument("--logs", type=Path, help="a folder to keep the servers' logs in")
    options = parser.parse_args()
    options.seed = random.randrange(10_000) if options.seed is None else options.seed  # noqa: S311 - as above
    console = Console()
    console.print(f"chaos with --seed {options.seed}; at most ten minutes", highlight=False)
    # A stop from outside has to pass the `with` blocks, so that no server is left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        try:
            start = running_cluster if options.cluster else running
            with start(Path(folder), random.Random(options.seed)) as servers:  # noqa: S311 - as above
                return 0 if asyncio.run(perform(servers, options, console)) else 1
        except KeyboardInterrupt:
            return 130
        finally:
            if options.logs:
                options.logs.mkdir(parents=True, exist_ok=True)
                for log in Path(folder).rglob("*.log"):
                    with contextlib.suppress(OSError):
                        shutil.copy(log, options.logs / f"{log.parent.name}-{log.name}")


if __name__ == "__main__":
    sys.exit(main())
