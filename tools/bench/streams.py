"""Progress streams: memory and idle CPU of open streams, and the time from a report to its event."""

import json
import resource
import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from core.security import sign_request
from tools.bench import plots
from tools.bench.load_client import request_head
from tools.bench.processes import Server, cpu_s, resident_bytes
from tools.bench.results import Goal, SectionResults, Table, at_most, ms
from tools.bench.seed_data import SeedData, insert_running_jobs, seed
from tools.bench.stream_client import Delivery, StreamClient
from tools.bench.testbed import Testbed

_REPORT = "/api/tokens/webhook/analysis-complete"
_GOAL_KB, _GOAL_CPU_PERCENT, _GOAL_P99_MS = 20, 1, 50
# Two heartbeat intervals, so that the number of heartbeats does not vary between runs.
_IDLE_S = 29.0
_REPORTS_PER_S = 50.0
_OTHER_FILES = 200


@dataclass(frozen=True)
class StreamLevel:
    """The cost of a number of open streams, and the delivery of reports to them."""

    opened: int
    kb_each: float
    idle_percent: float
    delivery: Delivery


@dataclass(frozen=True)
class PendingJobs:
    """Jobs that wait for a report, one for each learner."""

    url: str
    data: SeedData
    jobs: list[uuid.UUID]


def measure(testbed: Testbed) -> SectionResults:
    """Measures one process of each server with increasing numbers of streams; then two of ours with a broker."""
    levels = affordable(testbed, [200, 500] if testbed.is_quick else [1_000, 5_000, 10_000])
    pending = make_pending_jobs(testbed, levels[-1])
    naive_app, bare_app = "tools.bench.baselines.naive:app", "tools.bench.baselines.bare:app"
    by_server = {
        "naive (polls each second)": measure_levels(testbed, naive_app, pending, levels[:-1], progress=20),
        "**YouSync**": measure_levels(testbed, "main:app", pending, levels, progress=30),
        "bare ASGI": measure_levels(testbed, bare_app, pending, levels, progress=40),
    }
    results = SectionResults([_table(by_server)], _goals(by_server["**YouSync**"][-1]))
    results.tables.append(_between_processes(testbed, pending))
    if not testbed.is_quick:
        deliveries = {server: found[-1].delivery for server, found in by_server.items() if found}
        results.charts.append(plots.latencies("bench-streams.png", deliveries))
    return results


def _goals(level: StreamLevel) -> list[Goal]:
    name = f"{level.opened:,} open streams"
    return [
        at_most(f"{name}: memory of each", level.kb_each, _GOAL_KB, " kB"),
        at_most(f"{name}: CPU while idle, including heartbeats", level.idle_percent, _GOAL_CPU_PERCENT, " %"),
        at_most(f"{name}: report to event, p99", 1000 * level.delivery.percentile_s(0.99), _GOAL_P99_MS, " ms"),
    ]


def affordable(testbed: Testbed, levels: list[int]) -> list[int]:
    """Raises the limit of open files for this process and its children; drops levels above that limit."""
    _, maximum = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (maximum, maximum))
    affordable = [level for level in levels if level + _OTHER_FILES <= maximum]
    if affordable != levels:
        testbed.announce(
            f"at most {maximum} files may be open here (ulimit -Hn): larger numbers of streams are left out"
        )
    return affordable or [maximum - _OTHER_FILES]


def make_pending_jobs(testbed: Testbed, size: int) -> PendingJobs:
    testbed.announce(f"{size:,} learners with a job each")
    url = testbed.database()
    data = seed(url, learners=size)
    return PendingJobs(url, data, insert_running_jobs(url, data.learners, data.token_ids[0]))


def _heads(testbed: Testbed, pending: PendingJobs, numbers: range) -> list[bytes]:
    return [
        request_head(
            "GET",
            f"/api/tokens/analysis-progress/{pending.jobs[number]}",
            token=testbed.access_token(pending.data.learners[number]),
        )
        for number in numbers
    ]


def _reports(testbed: Testbed, pending: PendingJobs, numbers: Sequence[int], progress: int) -> list[tuple[int, bytes]]:
    """Signed requests, each with the number of the stream that will receive its event."""
    requests = []
    for number in numbers:
        report = {"type": "analysis.progress", "job_id": str(pending.jobs[number]), "progress": progress}
        body = json.dumps(report | {"stage": "scoring"}).encode()
        signature = sign_request(testbed.settings, f"msg_{uuid.uuid4().hex}", body, "POST", _REPORT)
        fields = "".join(f"{name}: {value}\r\n" for name, value in signature.items())
        first = request_head("POST", _REPORT, length=len(body), content_type="application/json")
        requests.append((number, first[:-2] + fields.encode() + b"\r\n" + body))
    return requests


def measure_levels(
    testbed: Testbed, app: str, pending: PendingJobs, levels: Sequence[int], progress: int
) -> list[StreamLevel]:
    """Opens streams level by level. `progress` must exceed earlier reports of the same jobs, or no event is sent."""
    found: list[StreamLevel] = []
    with testbed.server(app, pending.url, STREAM_LIFETIME_S="3600") as server, StreamClient() as client:
        client.open(server.port, _heads(testbed, pending, range(50)))
        client.close()
        time.sleep(1)
        before, opened = resident_bytes(server.pid), 0
        for turn, level in enumerate(levels):
            testbed.announce(f"{level:,} streams of {app.partition(':')[0]}")
            numbers = range(levels[turn - 1] if turn else 0, level)
            opened += client.open(server.port, _heads(testbed, pending, numbers))
            if opened < level:
                testbed.announce(f"only {opened:,} of {level:,} opened")
            if not opened:
                break
            found.append(_measure_level(testbed, server, client, pending, opened, before, progress=progress + turn))
    return found


def _measure_level(
    testbed: Testbed,
    server: Server,
    client: StreamClient,
    pending: PendingJobs,
    opened: int,
    before: int,
    progress: int,
) -> StreamLevel:
    time.sleep(2)
    grown = resident_bytes(server.pid) - before
    idle_s = 5.0 if testbed.is_quick else _IDLE_S
    cpu = cpu_s(server.pid)
    time.sleep(idle_s)
    idle = (cpu_s(server.pid) - cpu) / idle_s
    count = 50 if testbed.is_quick else 500
    numbers = [turn * opened // count for turn in range(min(count, opened))]
    delivery = client.deliver(server.port, _reports(testbed, pending, numbers, progress), _REPORTS_PER_S)
    return StreamLevel(opened, grown / opened / 1000, 100 * idle, delivery)


def _between_processes(testbed: Testbed, pending: PendingJobs) -> Table:
    """Measures delivery when the report and the stream are at different processes."""
    testbed.announce("two processes, the broker between them")
    count = 50 if testbed.is_quick else 200
    rows = []
    with ExitStack() as stack:
        settings = {"spool": "shared", **testbed.broker_settings}
        other, streaming = (stack.enter_context(testbed.server("main:app", pending.url, **settings)) for _ in range(2))
        client = stack.enter_context(StreamClient())
        client.open(streaming.port, _heads(testbed, pending, range(count)))
        for server, where, progress in ((streaming, "the same process", 50), (other, "the other process", 60)):
            delivery = client.deliver(server.port, _reports(testbed, pending, range(count), progress), _REPORTS_PER_S)
            rows.append((where, *_latency_cells(delivery)))
    return Table(
        "Two processes on one database, the broker between them",
        ("report sent to", "p50", "p99", "missed"),
        rows,
        f"{count} open streams at one of them, {_REPORTS_PER_S:.0f} reports/s.",
    )


def _latency_cells(delivery: Delivery) -> tuple[str, str, str]:
    return ms(delivery.percentile_s(0.5)), ms(delivery.percentile_s(0.99)), str(delivery.missed)


def _table(by_server: dict[str, list[StreamLevel]]) -> Table:
    rows = [
        (
            f"{level.opened:,}",
            server,
            f"{level.kb_each:.1f}",
            f"{level.idle_percent:.1f} %",
            *_latency_cells(level.delivery),
        )
        for server, levels in by_server.items()
        for level in levels
    ]
    note = (
        "One process. Memory is the growth of resident memory per stream; idle CPU is a share of one CPU over "
        f"{_IDLE_S:.0f} s without reports, including heartbeats (YouSync only). A report is a signed webhook, "
        f"{_REPORTS_PER_S:.0f} per second; latency ends when the client has the event. The bare server neither stores "
        "nor verifies; YouSync commits each report before it sends the event."
    )
    return Table(
        "Open progress streams", ("streams", "server", "kB each", "idle CPU", "p50", "p99", "missed"), rows, note
    )
