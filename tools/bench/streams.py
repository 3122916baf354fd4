"""Progress streams: memory and idle CPU of those that are open, and how soon a report reaches its listener."""

import json
import resource
import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from core.security import sign_webhook
from tools.bench import plots
from tools.bench.data import Furnished, furnish, running_jobs
from tools.bench.findings import Findings, Table, at_most, ms
from tools.bench.listeners import Heard, Listeners
from tools.bench.load import head
from tools.bench.processes import Server, cpu_s, resident_bytes
from tools.bench.stage import Stage

_REPORT = "/api/tokens/webhook/analysis-complete"
_GOAL_KB, _GOAL_CPU_PERCENT, _GOAL_P99_MS = 20, 1, 50
# Two heartbeats of each stream, or else it would be chance how many come.
_IDLE_S = 29.0
_REPORTS_PER_S = 50.0
_FILES_BESIDE = 200


@dataclass(frozen=True)
class Level:
    """What so many open streams cost; `heard` of reports that came meanwhile."""

    opened: int
    kb_each: float
    idle_percent: float
    heard: Heard


@dataclass(frozen=True)
class Audience:
    """Jobs that wait for a report, one for each learner."""

    url: str
    data: Furnished
    jobs: list[uuid.UUID]


def measure(stage: Stage) -> Findings:
    """One process of each form with more and more streams; then two processes of ours with Redis between them."""
    findings = Findings()
    levels = [200, 500] if stage.is_quick else [1_000, 5_000, 10_000]
    levels = _affordable(stage, levels)
    audience = _audience(stage, levels[-1])
    polled = levels[:-1]
    of_form = {
        "naive (polls each second)": _levels(stage, "tools.bench.baselines.naive:app", audience, polled, progress=20),
        "**YouSync**": _levels(stage, "main:app", audience, levels, progress=30),
        "bare ASGI": _levels(stage, "tools.bench.baselines.bare:app", audience, levels, progress=40),
    }
    findings.tables.append(_table(of_form))
    most = of_form["**YouSync**"][-1]
    name = f"{most.opened:,} open streams"
    findings.targets += [
        at_most(f"{name}: memory of each", most.kb_each, _GOAL_KB, " kB"),
        at_most(f"{name}: CPU while idle, heartbeats included", most.idle_percent, _GOAL_CPU_PERCENT, " %"),
        at_most(f"{name}: report to listener, p99", 1000 * most.heard.percentile_s(0.99), _GOAL_P99_MS, " ms"),
    ]
    findings.tables.append(_between_processes(stage, audience))
    if not stage.is_quick:
        most_open = {form: found[-1].heard for form, found in of_form.items() if found}
        findings.pictures.append(plots.latencies("bench-streams.png", most_open))
    return findings


def _affordable(stage: Stage, levels: list[int]) -> list[int]:
    """Raises the limit of open files for us and our children as far as it goes; leaves out what is beyond."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    affordable = [level for level in levels if level + _FILES_BESIDE <= most]
    if affordable != levels:
        stage.say(f"only {most} files may be open here (ulimit -Hn): streams beyond that are left out")
    return affordable or [most - _FILES_BESIDE]


def _audience(stage: Stage, size: int) -> Audience:
    stage.say(f"{size:,} learners with a job each")
    url = stage.database()
    data = furnish(url, learners=size)
    return Audience(url, data, running_jobs(url, data.learners, data.token_ids[0]))


def _heads(stage: Stage, audience: Audience, numbers: range) -> list[bytes]:
    return [
        head(
            "GET",
            f"/api/tokens/analysis-progress/{audience.jobs[number]}",
            token=stage.access_token(audience.data.learners[number]),
        )
        for number in numbers
    ]


def _reports(stage: Stage, audience: Audience, numbers: Sequence[int], progress: int) -> list[tuple[int, bytes]]:
    """Signed requests, with the number of the stream that will hear of each."""
    requests = []
    for number in numbers:
        report = {"type": "analysis.progress", "job_id": str(audience.jobs[number]), "progress": progress}
        body = json.dumps(report | {"stage": "scoring"}).encode()
        signature = sign_webhook(stage.settings, f"msg_{uuid.uuid4().hex}", body)
        fields = "".join(f"{name}: {value}\r\n" for name, value in signature.items())
        first = head("POST", _REPORT, length=len(body), content_type="application/json")
        requests.append((number, first[:-2] + fields.encode() + b"\r\n" + body))
    return requests


def _levels(stage: Stage, app: str, audience: Audience, levels: Sequence[int], progress: int) -> list[Level]:
    """`progress` is beyond what other forms have reported of the same jobs: what is not new is not told."""
    found: list[Level] = []
    with stage.server(app, audience.url, STREAM_LIFETIME_S="3600") as server, Listeners() as listeners:
        listeners.open(server.port, _heads(stage, audience, range(50)))
        listeners.close()
        time.sleep(1)
        before, opened = resident_bytes(server.pid), 0
        for turn, level in enumerate(levels):
            stage.say(f"{level:,} streams of {app.partition(':')[0]}")
            numbers = range(levels[turn - 1] if turn else 0, level)
            opened += listeners.open(server.port, _heads(stage, audience, numbers))
            if opened < level:
                stage.say(f"only {opened:,} of {level:,} opened")
            if not opened:
                break
            found.append(_level(stage, server, listeners, audience, opened, before, progress=progress + turn))
    return found


def _level(
    stage: Stage, server: Server, listeners: Listeners, audience: Audience, opened: int, before: int, progress: int
) -> Level:
    time.sleep(2)
    grown = resident_bytes(server.pid) - before
    idle_s = 5.0 if stage.is_quick else _IDLE_S
    cpu = cpu_s(server.pid)
    time.sleep(idle_s)
    idle = (cpu_s(server.pid) - cpu) / idle_s
    count = 50 if stage.is_quick else 500
    numbers = [turn * opened // count for turn in range(min(count, opened))]
    heard = listeners.hear(server.port, _reports(stage, audience, numbers, progress), _REPORTS_PER_S)
    return Level(opened, grown / opened / 1000, 100 * idle, heard)


def _between_processes(stage: Stage, audience: Audience) -> Table:
    """Reports to one process, listeners at another."""
    stage.say("two processes, Redis between them")
    count = 50 if stage.is_quick else 200
    rows = []
    with ExitStack() as stack:
        settings = {"spool": "shared", "REDIS_URL": stage.valkey.url}
        reported, listened = (stack.enter_context(stage.server("main:app", audience.url, **settings)) for _ in range(2))
        listeners = stack.enter_context(Listeners())
        listeners.open(listened.port, _heads(stage, audience, range(count)))
        for server, where, progress in ((listened, "the same process", 50), (reported, "the other process", 60)):
            heard = listeners.hear(server.port, _reports(stage, audience, range(count), progress), _REPORTS_PER_S)
            rows.append((where, *_latency_cells(heard)))
    return Table(
        "Two processes on one database, Redis between them",
        ("the report comes to", "p50", "p99", "missed"),
        rows,
        f"{count} open streams at one of them, {_REPORTS_PER_S:.0f} reports a second.",
    )


def _latency_cells(heard: Heard) -> tuple[str, str, str]:
    return ms(heard.percentile_s(0.5)), ms(heard.percentile_s(0.99)), str(heard.missed)


def _table(of_form: dict[str, list[Level]]) -> Table:
    rows = [
        (
            f"{level.opened:,}",
            form,
            f"{level.kb_each:.1f}",
            f"{level.idle_percent:.1f} %",
            *_latency_cells(level.heard),
        )
        for form, levels in of_form.items()
        for level in levels
    ]
    note = (
        "One process. Memory is the growth of resident memory for each stream; idle CPU is a share of one CPU over "
        f"{_IDLE_S:.0f} s without reports, with heartbeats where there are any (YouSync only). A report is a signed "
        f"webhook, {_REPORTS_PER_S:.0f} a second; its way ends when the listener has the event. The bare form stores "
        "and verifies nothing; YouSync commits each report before it tells of it."
    )
    return Table("Open progress streams", ("open", "form", "kB each", "idle CPU", "p50", "p99", "missed"), rows, note)
