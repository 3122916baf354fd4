"""Compares the normal app with variants that lack a shortcut: `--without NAME`.

Reads and uploads: all servers run at once, and one client sends short loads to them in turns, forwards and backwards,
so that a slow moment of the machine meets all alike. Equal processes differ for as long as they run, so each app has
several, which take turns. A ratio is the median over the turns of the ratios within each; its interval is that of the
processes and the turns, and too narrow rather than too wide where there are few processes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import numpy as np

from tools.bench.load_client import Load, load_process, request_head
from tools.bench.processes import Server, cpu_s
from tools.bench.reads import POPULAR, TOKENS
from tools.bench.results import SectionResults, Table, ms
from tools.bench.seed_data import seed
from tools.bench.streams import affordable, make_pending_jobs, measure_levels
from tools.bench.testbed import Testbed
from tools.bench.uploads import small_uploads, wait_until_stored

_NO_UPGRADE_GUARD = "tools.bench.variants:without_upgrade_guard"
# By section, the app factories of its variants.
VARIANTS = {
    "reads": {
        "cached-route-shortcut": "tools.bench.variants:without_cached_routes",
        "thread-pool": "tools.bench.variants:without_thread_pool",
        "driver-query": "tools.bench.variants:without_driver_queries",
        "upgrade-guard": _NO_UPGRADE_GUARD,
    },
    "uploads": {"upgrade-guard": _NO_UPGRADE_GUARD},
    "streams": {
        "detached-responses": "tools.bench.variants:without_detached_responses",
        "exposed-transport": "tools.bench.variants:without_exposed_transport",
    },
}
# Pages with the seconds for which their responses are cached.
_PAGES = ((TOKENS, "30"), (TOKENS, "0"), (POPULAR, "30"))
_LEARNERS = 500
_TURNS, _QUICK_TURNS = 120, 5
# Of all apps together: each process may keep 28 connections, and PostgreSQL takes 200.
_READ_SERVERS, _UPLOAD_SERVERS = 8, 4
_READ_S = 0.5
_UPLOADS = 100
_STREAMS = 10_000
_NORMAL = "normal"
_HEADINGS = ("variant", "requests/s", "without : normal", "API CPU per request", "CPU, without : normal", "failed")


@dataclass(frozen=True)
class Turn:
    """One short load: responses per second, CPU seconds of the server for each, and failed requests."""

    rate: float
    cpu_s: float
    failures: int


def compare(testbed: Testbed, section: str, without: Sequence[str]) -> SectionResults:
    """Measures the normal app and the variants of a section that lack one shortcut each."""
    apps = {_NORMAL: "main:app", **{f"without {name}": VARIANTS[section][name] for name in without}}
    compare_section = {"reads": _compare_reads, "uploads": _compare_uploads, "streams": _compare_streams}[section]
    return compare_section(testbed, apps)


def ratio_with_interval(
    values: Sequence[float], normal: Sequence[float], processes: int = 1
) -> tuple[float, float, float]:
    """Returns the median of the pairs' ratios and its 95 % interval, from 2,000 bootstrap samples.

    Each sample draws among the processes, of which pair i measured number i modulo `processes`, and then among the
    pairs of each that was drawn. The number of pairs is a multiple of that of the processes.
    """
    ratios = (np.asarray(values) / np.asarray(normal)).reshape(-1, processes)
    random = np.random.default_rng(1)
    of_process = random.integers(processes, size=(2000, 1, processes))
    of_turn = random.integers(len(ratios), size=(2000, *ratios.shape))
    low, high = np.percentile(np.median(ratios[of_turn, of_process], axis=(1, 2)), (2.5, 97.5))
    return float(np.median(ratios)), float(low), float(high)


def _compare_reads(testbed: Testbed, apps: Mapping[str, str]) -> SectionResults:
    """Measures each page with all apps on one database."""
    url = testbed.database()
    tokens = [testbed.access_token(learner) for learner in seed(url, learners=_LEARNERS).learners]
    rows: list[Sequence[str]] = []
    processes = _processes(testbed, _READ_SERVERS, len(apps))
    for path, ttl_s in _PAGES:
        page = path if ttl_s != "0" else f"{path}, cache off"
        testbed.announce(page)
        requests = [request_head("GET", path, token=token) for token in tokens]
        with ExitStack() as stack:
            servers = {
                variant: [stack.enter_context(testbed.server(app, url, CACHE_TTL_S=ttl_s)) for _ in range(processes)]
                for variant, app in apps.items()
            }
            rows += [(page, *cells) for cells in _compare_servers(testbed, servers, partial(_reads, requests))]
    note = f"50 connections; {_turns(testbed)} turns of {_READ_S} s, {_shared_by(processes)}"
    return SectionResults([Table("With and without a shortcut", ("page", *_HEADINGS), rows, note)])


def _reads(requests: Sequence[bytes], server: Server) -> Load:
    return Load(server.port, requests, count=100_000, seconds=_READ_S)


def _compare_uploads(testbed: Testbed, apps: Mapping[str, str]) -> SectionResults:
    """Uploads to all apps, each with a database of its own; a turn ends when its recordings are stored."""
    testbed.announce("uploads")
    processes = _processes(testbed, _UPLOAD_SERVERS, len(apps))
    with ExitStack() as stack:
        urls = {variant: testbed.database() for variant in apps}
        data = {variant: seed(url) for variant, url in urls.items()}
        servers = {
            variant: [stack.enter_context(testbed.server(app, urls[variant])) for _ in range(processes)]
            for variant, app in apps.items()
        }
        variants = {server.port: variant for variant, equal in servers.items() for server in equal}

        def make_load(server: Server) -> Load:
            return small_uploads(testbed, data[variants[server.port]], server.port, _UPLOADS)

        def wait(server: Server) -> None:
            wait_until_stored(urls[variants[server.port]], timeout_s=60)

        rows = list(_compare_servers(testbed, servers, make_load, wait))
    note = (
        f"300 KB of WAV, 50 connections; {_turns(testbed)} turns of {_UPLOADS} uploads, each until all are stored, "
        f"{_shared_by(processes)}"
    )
    return SectionResults([Table("With and without a shortcut", _HEADINGS, rows, note)])


def _compare_servers(
    testbed: Testbed,
    servers: Mapping[str, Sequence[Server]],
    make_load: Callable[[Server], Load],
    wait: Callable[[Server], None] = lambda _: None,
) -> Iterator[Sequence[str]]:
    """The cells of each variant; the first turn of each process is a warm-up."""
    processes = len(servers[_NORMAL])
    taken: dict[str, list[Turn]] = {variant: [] for variant in servers}
    with load_process() as run:
        for number in range(processes + _turns(testbed)):
            rounds, process = divmod(number, processes)
            for variant in list(servers)[:: 1 if rounds % 2 else -1]:
                server = servers[variant][process]
                cpu = cpu_s(server.pid)
                result = run(make_load(server))
                cpu = cpu_s(server.pid) - cpu
                wait(server)
                taken[variant].append(Turn(result.rate, cpu / max(1, len(result.latencies_s)), result.failures))
    normal = taken[_NORMAL][processes:]
    return (_cells(variant, turns[processes:], normal, processes) for variant, turns in taken.items())


def _turns(testbed: Testbed) -> int:
    return _QUICK_TURNS if testbed.is_quick else _TURNS


def _processes(testbed: Testbed, servers: int, apps: int) -> int:
    return 1 if testbed.is_quick else max(1, servers // apps)


def _shared_by(processes: int) -> str:
    return f"shared by {processes} processes of each app. In brackets: 95 % intervals."


def _cells(variant: str, turns: Sequence[Turn], normal: Sequence[Turn], processes: int) -> Sequence[str]:
    rates, cpu = [turn.rate for turn in turns], [turn.cpu_s for turn in turns]
    return (
        variant,
        f"{np.median(rates):.0f}",
        _ratio(rates, [turn.rate for turn in normal], processes),
        ms(float(np.median(cpu))),
        _ratio(cpu, [turn.cpu_s for turn in normal], processes),
        str(sum(turn.failures for turn in turns)),
    )


def _ratio(values: Sequence[float], normal: Sequence[float], processes: int) -> str:
    ratio, low, high = ratio_with_interval(values, normal, processes)
    return "1" if values == normal else f"{ratio:.3f} ({low:.3f} to {high:.3f})"


def _compare_streams(testbed: Testbed, apps: Mapping[str, str]) -> SectionResults:
    """Measures the same number of open streams with each app, one after the other."""
    levels = affordable(testbed, [500 if testbed.is_quick else _STREAMS])
    pending = make_pending_jobs(testbed, levels[-1])
    rows: list[tuple[str, ...]] = []
    for turn, (variant, app) in enumerate(apps.items()):
        [level] = measure_levels(testbed, app, pending, levels, progress=20 + turn)
        p99_s = level.delivery.percentile_s(0.99)
        rows.append((f"{level.opened:,}", variant, f"{level.kb_each:.1f}", f"{level.idle_percent:.2f} %", ms(p99_s)))
    headings = ("streams", "variant", "kB each", "idle CPU", "report to event, p99")
    return SectionResults([Table("With and without a shortcut", headings, rows, "One process for each variant.")])
