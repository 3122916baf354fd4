"""`python -m tools.chaos`: runs, prints progress and a table; exits with 1 when a job was lost, doubled or stuck."""

import argparse
import asyncio
import contextlib
import math
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

from tools.chaos.audit import Verdict, assess, count_unfinished, install_trigger
from tools.chaos.cluster import start_cluster
from tools.chaos.faults import Faults
from tools.chaos.load import Load
from tools.chaos.plan import FLOOD, Plan, rounds_for
from tools.chaos.servers import ORPHAN_GRACE_S, QUEUE_SIZE, Servers, seed, start_servers

PAUSE_AFTER_FAULT_S = (0.5, 3.0)


class ChaosRun:
    """One run of faults and load over started servers."""

    def __init__(self, servers: Servers, plan: Plan, rng: random.Random, console: Console) -> None:
        self.injected: Counter[str] = Counter()
        self.faults = Faults(servers, rng)
        self._servers = servers
        self._plan = plan
        self._rng = rng
        self._console = console
        self._started = time.monotonic()
        with httpx.Client(base_url=servers.url, timeout=30) as client:
            self.load = Load(servers.url, *seed(client), rng, renews_access=True)
        install_trigger(servers)

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._started

    async def run(self) -> Verdict:
        """Injects the faults of the plan, uploads its recordings, and checks every job."""
        # One thread for the whole run: a child process ends with the thread that started it.
        with ThreadPoolExecutor(1) as thread:
            for number in range(rounds := self._plan.rounds):
                self._print(f"round {number + 1} of {rounds}: {FLOOD} recordings at once for a queue of {QUEUE_SIZE}")
                self.injected["analysis queue flooded"] += 1
                self.load.burst(FLOOD)
                await self._one_round(thread)
            self.load.burst(max(0, self._plan.jobs - len(self.load.attempts)))
            await self._drain()
            return await asyncio.get_running_loop().run_in_executor(thread, assess, self._servers, self.load.accepted)

    async def _one_round(self, thread: ThreadPoolExecutor) -> None:
        faults = self.faults.one_round()
        uploads = self._plan.burst(len(faults))
        self.injected.update({fault.name: 0 for fault in faults})
        for fault in faults:
            if self.age_s > self._plan.faults_until_s:
                return
            self.load.burst(uploads - uploads // 2)
            await asyncio.sleep(self._rng.uniform(0.1, 1.5))
            started_at = time.monotonic()
            injection = asyncio.get_running_loop().run_in_executor(thread, fault.inject)
            self.load.burst(uploads // 2)
            await injection
            self.injected[fault.name] += 1
            self._print(f"{fault.name}, {time.monotonic() - started_at:.1f} s")
            await asyncio.sleep(self._rng.uniform(*PAUSE_AFTER_FAULT_S))

    async def _drain(self) -> None:
        self._print("no more faults; waiting for all jobs to end")
        printed_at = self.age_s
        while self.age_s < self._plan.limit_s:
            unfinished = await asyncio.to_thread(count_unfinished, self._servers)
            if unfinished == 0 and self.load.uploading == 0:
                break
            if self.age_s > printed_at + 10:
                printed_at = self.age_s
                self._print(f"{unfinished} jobs not ended yet")
            await asyncio.sleep(0.5)
        await self.load.finish(ORPHAN_GRACE_S + 15)
        await self.load.close()

    def _print(self, text: str) -> None:
        line = f"[{self.age_s:5.0f} s] {len(self.load.accepted):3d} accepted · {text}"
        self._console.print(line, highlight=False, soft_wrap=True)


def tabulate(run: ChaosRun, servers: Servers, verdict: Verdict) -> Table:
    """The counts of faults, jobs, streams and problems."""
    table = Table(title="chaos", show_header=False, title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    for name, count in sorted([*run.injected.items(), *servers.proxy.seen.items()]):
        table.add_row(name, str(count) if count else "0: no time was left")
    for name in servers.hazards.left_out:
        table.add_row(name, "left out")
    table.add_row(
        "dispatches to a full analysis queue (429)", str(len(re.findall(r"waits .* queue is full", servers.log)))
    )
    table.add_section()
    times = sorted(verdict.times_s) or [0.0]
    for name, value in {
        "uploads refused or interrupted, and retried": run.load.refusals,
        "expired access tokens renewed": run.load.renewals,
        "jobs accepted": verdict.accepted,
        "completed": verdict.completed,
        "failed with a reason": sum(verdict.failed.values()),
        **{f"    {code}": count for code, count in verdict.failed.items()},
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "stuck": len(verdict.stuck),
        "streams opened": run.load.streams_opened,
        "violations of the stream contract": len(run.load.violations),
        "orphans in spool and store": len(verdict.orphaned),
        "median time to a terminal state": f"{times[len(times) // 2]:.1f} s",
        "longest time to a terminal state": f"{times[-1]:.1f} s",
        "longest stop of a server after SIGTERM": f"{run.faults.longest_stop_s:.1f} s",
        "whole run": f"{run.age_s:.0f} s",
    }.items():
        table.add_row(name, str(value))
    return table


async def run_and_report(servers: Servers, plan: Plan, options: argparse.Namespace, console: Console) -> bool:
    rng = random.Random(options.seed)  # noqa: S311 - a repeatable choice, no secret
    run = ChaosRun(servers, plan, rng, console)
    verdict = await run.run()
    console.print(tabulate(run, servers, verdict))
    problems = {
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "stuck": verdict.stuck,
        "orphan": verdict.orphaned,
        "violation": run.load.violations,
    }
    for name, found in problems.items():
        for item in found[:20]:
            console.print(f"{name}: {item}", highlight=False)
    if verdict.accepted < options.jobs:
        console.print(f"only {verdict.accepted} of {options.jobs} jobs were accepted")
    return not any(problems.values()) and verdict.accepted >= options.jobs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description=__doc__)
    parser.add_argument("--jobs", type=int, default=200, help="least number of jobs")
    parser.add_argument("--rounds", type=int, help="number of times that each fault is injected (one per 200 jobs)")
    parser.add_argument(
        "--cluster", action="store_true", help="two or more of each process, with a broker and a load balancer"
    )
    parser.add_argument("--seed", type=int, default=None, help="repeat the faults of an earlier run in the same order")
    parser.add_argument("--logs", type=Path, help="a folder to copy the servers' logs to")
    options = parser.parse_args()
    options.seed = random.randrange(10_000) if options.seed is None else options.seed  # noqa: S311 - as above
    console = Console()
    options.rounds = options.rounds or rounds_for(options.jobs)
    plan = Plan(options.jobs, options.rounds, options.cluster)
    console.print(f"chaos with --seed {options.seed}; at most {math.ceil(plan.limit_s / 60)} minutes", highlight=False)
    # SIGTERM must unwind the `with` blocks, so that all servers are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        try:
            start = start_cluster if options.cluster else start_servers
            with start(Path(folder), random.Random(options.seed)) as servers:  # noqa: S311 - as above
                return 0 if asyncio.run(run_and_report(servers, plan, options, console)) else 1
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
