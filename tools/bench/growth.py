"""How costs grow with rows, learners and processes, and what a process costs before anybody has come."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from tools.bench import plots
from tools.bench.data import Furnished, finished_jobs, furnish
from tools.bench.findings import Findings, Table, ms
from tools.bench.load import Load, drive, head
from tools.bench.processes import cpu_s, resident_bytes
from tools.bench.stage import Stage

_TOKENS, _OVERVIEW = "/api/tokens?limit=20", "/api/mypage/overview"
_RESULTS_EACH = 20
_ASKING = 200
_STARTS = 3

Points = list[tuple[int, float]]


def measure(stage: Stage) -> Findings:
    """Three growths, each fitted as a power of what grows; then start-up and memory of one process."""
    findings = Findings()
    growths = {
        "results in the table: CPU of my page": _by_rows(stage),
        "learners with a session: CPU of a list of lines": _by_learners(stage),
        "API processes: lists of lines a second": _by_processes(stage),
    }
    findings.tables.append(_table(growths))
    findings.tables.append(_starts(stage))
    if not stage.is_quick:
        findings.pictures.append(plots.growth("bench-growth.png", growths))
    return findings


def exponent(points: Points) -> float:
    """b of y = a·x^b, by least squares of the logarithms."""
    x, y = np.log(np.array(points)).T
    return float(np.polyfit(x, y, 1)[0])


def _by_rows(stage: Stage) -> Points:
    return [
        (count, _cpu_each(stage, url, data, _OVERVIEW))
        for count in ((1_000, 10_000, 50_000) if stage.is_quick else (1_000, 10_000, 100_000, 1_000_000))
        for url, data in [_with_results(stage, count)]
    ]


def _with_results(stage: Stage, count: int) -> tuple[str, Furnished]:
    """As many results each, whatever the number: what grows is the table."""
    stage.say(f"my page among {count:,} results")
    url = stage.database()
    data = furnish(url, learners=count // _RESULTS_EACH)
    first = data.learners[0].user_id
    finished_jobs(url, range(first, first + len(data.learners)), len(data.token_ids), count)
    return url, data


def _by_learners(stage: Stage) -> Points:
    points = []
    for count in (100, 1_000, 5_000) if stage.is_quick else (100, 1_000, 10_000, 100_000):
        stage.say(f"a list of lines, {count:,} learners")
        url = stage.database()
        points.append((count, _cpu_each(stage, url, furnish(url, learners=count), _TOKENS)))
    return points


def _by_processes(stage: Stage) -> Points:
    url = stage.database()
    data = furnish(url, learners=_ASKING)
    points = []
    for count in (1, 2, 3):
        stage.say(f"a list of lines, {count} API processes")
        settings = {"REDIS_URL": stage.valkey.url, "CACHE_TTL_S": "0", "WEB_CONCURRENCY": str(count)}
        with stage.server("main:app", url, **settings) as server:
            points.append((count, _rate(stage, server.port, _heads(stage, data, _TOKENS), connections=50)))
    return points


def _cpu_each(stage: Stage, url: str, data: Furnished, path: str) -> float:
    """CPU seconds of one process for an answer, nothing kept: steadier than time on a machine that others use."""
    with stage.server("main:app", url, CACHE_TTL_S="0") as server:
        heads = _heads(stage, data, path)
        _rate(stage, server.port, heads, connections=4)
        cpu = cpu_s(server.pid)
        outcome = drive(Load(server.port, heads, connections=4, count=100_000, seconds=2.0 if stage.is_quick else 6.0))
        return (cpu_s(server.pid) - cpu) / max(1, len(outcome.latencies_s))


def _heads(stage: Stage, data: Furnished, path: str) -> list[bytes]:
    step = max(1, len(data.learners) // _ASKING)
    return [head("GET", path, token=stage.access_token(learner)) for learner in data.learners[::step]]


def _rate(stage: Stage, port: int, heads: list[bytes], connections: int) -> float:
    seconds = 2.0 if stage.is_quick else 6.0
    drive(Load(port, heads, connections=connections, count=300, seconds=3))
    return drive(Load(port, heads, connections=connections, count=100_000, seconds=seconds)).rate


def _table(growths: dict[str, Points]) -> Table:
    rows: list[Sequence[str]] = []
    shown: list[Callable[[float], str]] = [ms, ms, lambda rate: f"{rate:.0f}/s"]
    for (what, points), show in zip(growths.items(), shown, strict=True):
        measured = " · ".join(f"{x:,}: {show(y)}" for x, y in points)
        rows.append((what, measured, f"{exponent(points):.2f}"))
    note = (
        "Nothing is kept (`CACHE_TTL_S=0`). The exponent is b of y = a·x^b by least squares: 0 does not grow, 1 grows "
        "in proportion. Processes share the CPUs of one machine with PostgreSQL and the load."
    )
    return Table("How it grows", ("what", "measured", "exponent"), rows, note)


def _starts(stage: Stage) -> Table:
    rows = []
    for app, name in (("tools.bench.baselines.naive:app", "naive"), ("main:app", "**YouSync**")):
        stage.say(f"start of {name.strip('*')}")
        url = stage.database()
        data = furnish(url)
        took = []
        for _ in range(_STARTS):
            with stage.server(app, url) as server:
                took.append(server.start_s)
                drive(Load(server.port, _heads(stage, data, _TOKENS), connections=4, count=200, seconds=5))
                time.sleep(0.5)
                alone, family = resident_bytes(server.pid, with_children=False), resident_bytes(server.pid)
        rows.append((name, ms(min(took)), f"{alone / 1e6:.0f} MB", f"{family / 1e6:.0f} MB"))
    note = f"From the command to the first answer, the best of {_STARTS}; resident memory after 200 answers."
    return Table("Start and memory", ("form", "start", "memory", "with its children"), rows, note)
