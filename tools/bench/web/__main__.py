"""`python -m tools.bench.web`: compares page and servers of this checkout with those of an earlier commit."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Playwright, sync_playwright
from rich.console import Console

from tests.e2e import browser
from tests.e2e.service import Service
from tools.bench import report
from tools.bench.results import Goal, SectionResults, Table, at_most, ms
from tools.bench.web import takes, visits
from tools.bench.web.builds import BenchFailed, Build, build_commit, build_current
from tools.bench.web.wire import counted

BASE = "c89677e"
# Learners of the bench record more than one person may.
_SETTINGS = {"RATE_LIMIT_UPLOAD": "100000/minute", "JOBS_PER_DAY_MAX": "100000"}


@dataclass(frozen=True)
class Plan:
    """The number of measurements of each figure."""

    visits: int
    takes: int
    heap_takes: int
    early_takes: int


FULL, QUICK = Plan(visits=3, takes=5, heap_takes=100, early_takes=10), Plan(1, 1, 4, 2)


@dataclass(frozen=True)
class Bench:
    """Two builds, old and new, each with a service of its own."""

    console: Console
    playwright: Playwright
    folder: Path
    builds: tuple[Build, Build]
    services: Mapping[str, Service]

    def rounds(self, count: int, what: str) -> Iterator[tuple[Build, Service]]:
        """Yields both builds in each round, in turns, and tells the progress."""
        for number in range(1, count + 1):
            for build in self.builds if number % 2 else self.builds[::-1]:
                self.console.print(f"{what}, round {number} of {count}: {build.name}")
                yield build, self.services[build.name]


def main() -> int:
    """Measures, prints, and writes docs/performance.md; 1 where a goal is missed or nothing can be measured."""
    options = _parse_options()
    console = Console(highlight=False, width=140)
    plan = QUICK if options.quick else FULL
    machine = f"{platform.machine()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} before"
    try:
        with _start(console, options.base) as bench:
            results = _measure(bench, plan)
    except (BenchFailed, browser.NoBrowser) as error:
        console.print(str(error))
        return 1
    except BrowserError as error:
        console.print(f"The page did not do what the bench waits for: {error.message.splitlines()[0]}")
        return 1
    report.show(console, results)
    report.show_goals(console, {"web": results})
    if not options.quick:
        report.write(machine, {"web": results})
    return 0 if all(goal.is_met for goal in results.goals) else 1


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.web", description=__doc__)
    parser.add_argument("--base", default=BASE, metavar="COMMIT", help=f"the commit to compare with (default: {BASE})")
    parser.add_argument("--quick", action="store_true", help="one round of each, four takes; writes nothing")
    return parser.parse_args()


@contextmanager
def _start(console: Console, commit: str) -> Iterator[Bench]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yousync-bench-web-")))
        console.print("Building both pages ...")
        (folder / "base").mkdir()
        builds = (build_commit(commit, folder / "base"), build_current())
        services: dict[str, Service] = {}
        for number, build in enumerate(builds):
            console.print(f"Starting a service with {build.name} ...")
            data = folder / f"service-{number}"
            data.mkdir()
            services[build.name] = Service(data, {"WEB_DIR": str(build.dist), **_SETTINGS}, build.checkout)
            stack.callback(services[build.name].end)
        playwright = stack.enter_context(sync_playwright())
        yield Bench(console, playwright, folder, builds, services)


def _measure(bench: Bench, plan: Plan) -> SectionResults:
    results = SectionResults()
    for part in (_measure_visits, _measure_takes, _measure_heap):
        found = part(bench, plan)
        results.tables += found.tables
        results.goals += found.goals
    return results


def _measure_visits(bench: Bench, plan: Plan) -> SectionResults:
    kinds = {"first visit": (False, True), "without service worker": (False, False), "slow 3G": (True, True)}
    found: dict[tuple[str, str], list[visits.FirstVisit]] = {}
    chromium = bench.playwright.chromium.launch(executable_path=browser.find_or_install(), args=browser.FLAGS)
    for build, service in bench.rounds(plan.visits, "First visits"):
        with counted(service.port) as wire:
            for kind, (slow, service_worker) in kinds.items():
                one = visits.visit(chromium, build, wire, slow=slow, service_worker=service_worker)
                found.setdefault((kind, build.name), []).append(one)
    chromium.close()
    medians = {key: visits.median_visit(ones) for key, ones in found.items()}
    rows = [_visit_row(kind, name, one) for (kind, name), one in sorted(medians.items())]
    old, new = (medians["first visit", build.name] for build in bench.builds)
    old_slow, new_slow = (medians["slow 3G", build.name] for build in bench.builds)
    note = (
        "The start page in Korean with an empty cache: all requests, and all bytes of responses with their headers, "
        "until nothing more is loaded; the service worker's are among them. Slow 3G: 400 ms, 400 kbit/s. Start: the "
        "link to a first scene can be used; script: the page reacts to everything."
    )
    headings = ("", "page", "requests", "kB", "first paint", "start", "script", "scenes")
    goals = [
        _ratio("first visit, bytes", new.kilobytes, old.kilobytes, 0.55),
        _ratio("first visit, requests", new.requests, old.requests, 0.4),
        _ratio("slow 3G, time to the start button", new_slow.start_s, old_slow.start_s, 0.45),
    ]
    return SectionResults([Table("First visits", headings, rows, note)], goals)


def _visit_row(kind: str, name: str, one: visits.FirstVisit) -> tuple[str, ...]:
    moments = (one.first_paint_s, one.start_s, one.script_s, one.scenes_s)
    return kind, name, f"{one.requests:.0f}", f"{one.kilobytes:.0f}", *(ms(moment) for moment in moments)


def _measure_takes(bench: Bench, plan: Plan) -> SectionResults:
    microphone, length_s = takes.write_microphone(bench.folder)
    waits: dict[str, list[float]] = {build.name: [] for build in bench.builds}
    clicks: dict[str, list[float]] = {build.name: [] for build in bench.builds}
    for build, service in bench.rounds(plan.takes, "Takes"):
        with takes.learner(bench.playwright, build, service, microphone) as one:
            waits[build.name].append(one.record(length_s))
            clicks[build.name] += one.click_words()
    rows = [
        (name, ms(median(waits[name])), ms(median(clicks[name])), ms(max(clicks[name])), str(len(clicks[name])))
        for name in waits
    ]
    note = (
        "Stop: from the press on the button to the heading of the scores of a new learner's first take; each build has "
        f"its own servers. Click: work of the main thread within {takes.CLICK_MS} ms after the press on a word, while "
        "the word is played."
    )
    headings = ("page", "stop → scores", "click on a word", "slowest click", "clicks")
    (old_wait, new_wait), (old_click, new_click) = (
        [median(found[build.name]) for build in bench.builds] for found in (waits, clicks)
    )
    goals = [
        _ratio("stop → scores", new_wait, old_wait, 0.6),
        _ratio("click on a word, main thread", new_click, old_click, 0.3),
    ]
    return SectionResults([Table("Takes", headings, rows, note)], goals)


def _measure_heap(bench: Bench, plan: Plan) -> SectionResults:
    microphone, length_s = takes.write_microphone(bench.folder)
    build = bench.builds[1]
    bench.console.print(f"Memory: {plan.heap_takes} takes with {build.name}; some minutes")
    with takes.learner(bench.playwright, build, bench.services[build.name], microphone) as one:
        early, late = takes.heap_growth(one, length_s, plan.heap_takes, plan.early_takes)
    row = (f"{plan.early_takes}", f"{early:.1f} MB", f"{plan.heap_takes}", f"{late:.1f} MB")
    table = Table("Memory of the page", ("takes", "heap", "takes", "heap"), [row], "JavaScript objects still in use.")
    goal = at_most(f"heap after {plan.heap_takes} takes, of that after {plan.early_takes}", late / early, 1.2, " ×")
    return SectionResults([table], [goal])


def _ratio(subject: str, new: float, old: float, limit: float) -> Goal:
    return at_most(f"{subject}, of the older page", new / old, limit, " ×")


if __name__ == "__main__":
    sys.exit(main())
