"""Compares the normal app with variants that lack a shortcut, in turns: `--without NAME`."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from tools.bench.reads import POPULAR, TOKENS, ReadRun, cpu_per_request, median_run, read
from tools.bench.results import SectionResults, Table, ms
from tools.bench.seed_data import seed
from tools.bench.streams import affordable, make_pending_jobs, measure_levels
from tools.bench.testbed import Testbed
from tools.bench.uploads import UploadRun, upload_to

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
_ROUNDS = 3
_STREAMS = 10_000
_NORMAL = "normal"


def compare(testbed: Testbed, section: str, without: Sequence[str]) -> SectionResults:
    """Measures the normal app and the variants of a section that lack one shortcut each."""
    apps = {_NORMAL: "main:app", **{f"without {name}": VARIANTS[section][name] for name in without}}
    compare_section = {"reads": _compare_reads, "uploads": _compare_uploads, "streams": _compare_streams}[section]
    return compare_section(testbed, apps)


def _compare_reads(testbed: Testbed, apps: Mapping[str, str]) -> SectionResults:
    """Measures each page with each app in turn; the median of three rounds."""
    url = testbed.database()
    tokens = [testbed.access_token(learner) for learner in seed(url, learners=_LEARNERS).learners]
    rows = [
        (path if ttl_s != "0" else f"{path}, cache off", *cells)
        for path, ttl_s in _PAGES
        for cells in _compare_page(testbed, url, apps, path, tokens, ttl_s)
    ]
    headings = ("page", "variant", "requests/s", "ratio to normal", "API CPU per request", "CPU ratio", "failed")
    note = f"50 connections; the median of {_ROUNDS} rounds in which the variants take turns."
    return SectionResults([Table("With and without a shortcut", headings, rows, note)])


def _compare_page(
    testbed: Testbed, url: str, apps: Mapping[str, str], path: str, tokens: list[str], ttl_s: str
) -> Iterator[tuple[str, ...]]:
    """The cells of one page, for each variant."""
    runs: dict[str, list[ReadRun]] = {variant: [] for variant in apps}
    for _, (variant, app) in product(range(_ROUNDS), apps.items()):
        testbed.announce(f"{path}, {variant}")
        runs[variant].append(read(testbed, url, app, path, tokens, CACHE_TTL_S=ttl_s))
    normal = median_run(runs[_NORMAL])
    for variant in apps:
        run = median_run(runs[variant])
        yield (
            variant,
            f"{run[0].rate:.0f}",
            f"{run[0].rate / normal[0].rate:.2f}",
            ms(cpu_per_request(run)),
            f"{cpu_per_request(run) / cpu_per_request(normal):.2f}",
            str(run[0].failures),
        )


def _compare_uploads(testbed: Testbed, apps: Mapping[str, str]) -> SectionResults:
    """Uploads to each app in turn; the median of three rounds."""
    runs: dict[str, list[UploadRun]] = {variant: [] for variant in apps}
    for _, (variant, app) in product(range(_ROUNDS), apps.items()):
        testbed.announce(f"uploads, {variant}")
        runs[variant].append(upload_to(testbed, app))
    medians = {variant: sorted(each, key=lambda run: run.rate)[_ROUNDS // 2] for variant, each in runs.items()}
    normal = medians[_NORMAL]
    rows = [
        (
            variant,
            f"{run.rate:.0f}",
            f"{run.rate / normal.rate:.2f}",
            ms(run.cpu_s / len(run.result.latencies_s)),
            str(run.result.failures),
        )
        for variant, run in medians.items()
    ]
    headings = ("variant", "accepted/s", "ratio to normal", "API CPU per request", "failed")
    note = f"300 KB of WAV, 50 connections; the median of {_ROUNDS} rounds in which the variants take turns."
    return SectionResults([Table("With and without a shortcut", headings, rows, note)])


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
