"""Growth of costs with rows, learners and processes; start time and memory of one process."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from tools.bench import plots
from tools.bench.load_client import Load, request_head, run_load
from tools.bench.processes import cpu_s, resident_bytes
from tools.bench.results import SectionResults, Table, ms
from tools.bench.seed_data import SeedData, insert_finished_jobs, seed
from tools.bench.testbed import Testbed

_TOKENS, _OVERVIEW = "/api/tokens?limit=20", "/api/mypage/overview"
_RESULTS_EACH = 20
_CLIENTS = 200
_STARTS = 3

Points = list[tuple[int, float]]


def measure(testbed: Testbed) -> SectionResults:
    """Measures three costs, each fitted as a power of its driver; then start-up and memory of one process."""
    results = SectionResults()
    growths = {
        "results in the table: CPU of my page": _by_rows(testbed),
        "learners with a session: CPU of a list of lines": _by_learners(testbed),
        "API processes: lists of lines per second": _by_processes(testbed),
    }
    results.tables.append(_table(growths))
    results.tables.append(_starts(testbed))
    if not testbed.is_quick:
        results.charts.append(plots.growth("bench-growth.png", growths))
    return results


def exponent(points: Points) -> float:
    """b of y = a·x^b, by least squares of the logarithms."""
    x, y = np.log(np.array(points)).T
    return float(np.polyfit(x, y, 1)[0])


def _by_rows(testbed: Testbed) -> Points:
    return [
        (count, _cpu_per_request(testbed, url, data, _OVERVIEW))
        for count in ((1_000, 10_000, 50_000) if testbed.is_quick else (1_000, 10_000, 100_000, 1_000_000))
        for url, data in [_with_results(testbed, count)]
    ]


def _with_results(testbed: Testbed, count: int) -> tuple[str, SeedData]:
    """Seeds a database in which every learner has the same number of results, so that only the table grows."""
    testbed.announce(f"my page among {count:,} results")
    url = testbed.database()
    data = seed(url, learners=count // _RESULTS_EACH)
    first = data.learners[0].user_id
    insert_finished_jobs(url, range(first, first + len(data.learners)), len(data.token_ids), count)
    return url, data


def _by_learners(testbed: Testbed) -> Points:
    points = []
    for count in (100, 1_000, 5_000) if testbed.is_quick else (100, 1_000, 10_000, 100_000):
        testbed.announce(f"a list of lines, {count:,} learners")
        url = testbed.database()
        points.append((count, _cpu_per_request(testbed, url, seed(url, learners=count), _TOKENS)))
    return points


def _by_processes(testbed: Testbed) -> Points:
    url = testbed.database()
    data = seed(url, learners=_CLIENTS)
    points = []
    for count in (1, 2, 3):
        testbed.announce(f"a list of lines, {count} API processes")
        settings = {**testbed.broker_settings, "CACHE_TTL_S": "0", "WEB_CONCURRENCY": str(count)}
        with testbed.server("main:app", url, **settings) as server:
            points.append((count, _rate(testbed, server.port, _heads(testbed, data, _TOKENS), connections=50)))
    return points


def _cpu_per_request(testbed: Testbed, url: str, data: SeedData, path: str) -> float:
    """CPU seconds of one process per response, cache off: steadier than elapsed time on a shared machine."""
    with testbed.server("main:app", url, CACHE_TTL_S="0") as server:
        heads = _heads(testbed, data, path)
        _rate(testbed, server.port, heads, connections=4)
        cpu = cpu_s(server.pid)
        result = run_load(
            Load(server.port, heads, connections=4, count=100_000, seconds=2.0 if testbed.is_quick else 6.0)
        )
        return (cpu_s(server.pid) - cpu) / max(1, len(result.latencies_s))


def _heads(testbed: Testbed, data: SeedData, path: str) -> list[bytes]:
    step = max(1, len(data.learners) // _CLIENTS)
    return [request_head("GET", path, token=testbed.access_token(learner)) for learner in data.learners[::step]]


def _rate(testbed: Testbed, port: int, heads: list[bytes], connections: int) -> float:
    seconds = 2.0 if testbed.is_quick else 6.0
    run_load(Load(port, heads, connections=connections, count=300, seconds=3))
    return run_load(Load(port, heads, connections=connections, count=100_000, seconds=seconds)).rate


def _table(growths: dict[str, Points]) -> Table:
    rows: list[Sequence[str]] = []
    formats: list[Callable[[float], str]] = [ms, ms, lambda rate: f"{rate:.0f}/s"]
    for (subject, points), show in zip(growths.items(), formats, strict=True):
        measured = " · ".join(f"{x:,}: {show(y)}" for x, y in points)
        rows.append((subject, measured, f"{exponent(points):.2f}"))
    note = (
        "The cache is off (`CACHE_TTL_S=0`). The exponent is b of y = a·x^b by least squares: 0 is constant, 1 is "
        "linear. Processes share the CPUs of one machine with PostgreSQL and the load client."
    )
    return Table("Growth", ("subject", "measured", "exponent"), rows, note)


def _starts(testbed: Testbed) -> Table:
    rows = []
    for app, name in (("tools.bench.baselines.naive:app", "naive"), ("main:app", "**YouSync**")):
        testbed.announce(f"start of {name.strip('*')}")
        url = testbed.database()
        data = seed(url)
        start_s = []
        for _ in range(_STARTS):
            with testbed.server(app, url) as server:
                start_s.append(server.start_s)
                run_load(Load(server.port, _heads(testbed, data, _TOKENS), connections=4, count=200, seconds=5))
                time.sleep(0.5)
                alone, family = resident_bytes(server.pid, with_children=False), resident_bytes(server.pid)
        rows.append((name, ms(min(start_s)), f"{alone / 1e6:.0f} MB", f"{family / 1e6:.0f} MB"))
    note = f"From the command to the first response, the best of {_STARTS}; resident memory after 200 responses."
    return Table("Start and memory", ("server", "start", "memory", "with children"), rows, note)
