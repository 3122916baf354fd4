"""Reads: the token page, the most read scenes, and my page with increasing numbers of results."""

from itertools import product

from tools.bench.load_client import CLIENT_CPU_MAX, Load, LoadResult, request_head, run_load
from tools.bench.processes import cpu_s
from tools.bench.results import Goal, SectionResults, Table, at_least, at_most, ms
from tools.bench.seed_data import insert_finished_jobs, seed
from tools.bench.testbed import Testbed

TOKENS, POPULAR, _OVERVIEW = "/api/tokens?limit=20", "/api/scripts/popular", "/api/mypage/overview"
_OURS, _UNCACHED = "**YouSync**", "**YouSync**, cache off"
_APPS = {
    "naive": "tools.bench.baselines.naive:app",
    _OURS: "main:app",
    _UNCACHED: "main:app",
    "psycopg2 and JSON": "tools.bench.baselines.raw:app",
    "bare Starlette": "tools.bench.baselines.bare:app",
}
_SERVERS = {TOKENS: list(_APPS)[:4], POPULAR: ["naive", _OURS, "bare Starlette"]}
_HEADINGS = ("page", "server", "responses/s", "p50", "p99", "API CPU per request", "failed")
_CONNECTIONS = 50
_LEARNERS = 500
_ROUNDS = 3

# The responses, and the CPU seconds of the server.
ReadRun = tuple[LoadResult, float]


def measure(testbed: Testbed) -> SectionResults:
    """Measures each page with each server in turn on one database; then my page among many results of others."""
    results = SectionResults()
    rates: dict[tuple[str, str], float] = {}
    rows = []
    for (path, server), runs in _run_pages(testbed).items():
        median = median_run(runs)
        rates[path, server] = median[0].rate
        rows.append((path, server, *_cells(median)))
    note = (
        f"50 connections, each signed in as another learner; the median of {_ROUNDS} rounds in which the servers take "
        "turns. Cache off (`CACHE_TTL_S=0`): each response comes from the database, as with naive and psycopg2."
    )
    results.tables.append(Table("Pages that everybody reads", _HEADINGS, rows, note))
    results.goals += _page_goals(rates)
    _measure_overview(testbed, results)
    return results


def _run_pages(testbed: Testbed) -> dict[tuple[str, str], list[ReadRun]]:
    """All runs by page and server."""
    url = testbed.database()
    tokens = [testbed.access_token(learner) for learner in seed(url, learners=_LEARNERS).learners]
    runs: dict[tuple[str, str], list[ReadRun]] = {}
    for path, servers in _SERVERS.items():
        for _, server in product(range(1 if testbed.is_quick else _ROUNDS), servers):
            testbed.announce(f"{path}, {server.replace('*', '')}")
            ttl_s = "0" if server == _UNCACHED else "30"
            run = read(testbed, url, _APPS[server], path, tokens, CACHE_TTL_S=ttl_s)
            runs.setdefault((path, server), []).append(run)
    return runs


def median_run(runs: list[ReadRun]) -> ReadRun:
    """The run with the median rate."""
    return sorted(runs, key=lambda run: run[0].rate)[len(runs) // 2]


def cpu_per_request(run: ReadRun) -> float:
    """CPU seconds of the server for each response."""
    result, cpu = run
    return cpu / max(1, len(result.latencies_s))


def _page_goals(rates: dict[tuple[str, str], float]) -> list[Goal]:
    page, popular = rates[TOKENS, _UNCACHED], rates[POPULAR, _OURS]
    raw, bare = rates[TOKENS, "psycopg2 and JSON"], rates[POPULAR, "bare Starlette"]
    return [
        at_least("token page, cache off, relative to psycopg2 and JSON", 100 * page / raw, 80, " %"),
        at_least("token page, cache off, relative to naive", page / rates[TOKENS, "naive"], 3.5),
        at_least("most read scenes, relative to bare Starlette", 100 * popular / bare, 25, " %"),
    ]


def _measure_overview(testbed: Testbed, results: SectionResults) -> None:
    """Measures my page of the same learners with the same results each, among increasing numbers of other results."""
    rows, p99 = [], []
    for count in (10_000, 100_000 if testbed.is_quick else 1_000_000):
        testbed.announce(f"my page among {count:,} results")
        url = testbed.database()
        # Every learner has the same number of results: only the table grows.
        data = seed(url, learners=count // 20)
        first = data.learners[0].user_id
        insert_finished_jobs(url, range(first, first + len(data.learners)), len(data.token_ids), count)
        tokens = [testbed.access_token(learner) for learner in data.learners[:_LEARNERS]]
        run = read(testbed, url, "main:app", _OVERVIEW, tokens, connections=8)
        p99.append(run[0].percentile_s(0.99))
        rows.append((f"{count:,}", *_cells(run)))
    note = "8 connections; every learner has 20 results."
    headings = ("total results", *_HEADINGS[2:])
    results.tables.append(Table("My page by number of results", headings, rows, note))
    subject = f"my page among {rows[-1][0]} results, p99 relative to 10,000"
    results.goals.append(at_most(subject, p99[1] / p99[0], 2, "×"))


def read(
    testbed: Testbed, url: str, app: str, path: str, tokens: list[str], connections: int = _CONNECTIONS, **settings: str
) -> ReadRun:
    """Requests one page from a fresh server for some seconds, after a warm-up."""
    requests = [request_head("GET", path, token=token) for token in tokens]
    seconds = 2.0 if testbed.is_quick else 5.0
    with testbed.server(app, url, **settings) as server:
        run_load(Load(server.port, requests, connections=connections, count=300, seconds=3))
        cpu = cpu_s(server.pid)
        result = run_load(Load(server.port, requests, connections=connections, count=100_000, seconds=seconds))
        return result, cpu_s(server.pid) - cpu


def _cells(run: ReadRun) -> tuple[str, str, str, str, str]:
    result, _ = run
    return (
        f"{result.rate:.0f}",
        ms(result.percentile_s(0.5)),
        ms(result.percentile_s(0.99)),
        ms(cpu_per_request(run)),
        str(result.failures) + (" (client busy)" if result.client_cpu > CLIENT_CPU_MAX else ""),
    )
